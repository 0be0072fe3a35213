using Portal.Benchmarks;
using Portal.Benchmarks.BarePages;
using Portal.Benchmarks.Parts;

IPart[] parts = [new EnginePart(), new ListPart(), new OpenPart(), new SendPart(), new CircuitPart(), new ArrivalPart(), new AttachmentPart(), new ReaderPart(), new StartPart(), new KeyStorePart(), new CertificatePart()];
if (args is ["--smoke"])
{
    SelfCheck.Run();
    Console.WriteLine("The table is written as it should be.");
    return 0;
}

if (args is ["--bare-page", var address, var size])
{
    await BarePage.ServeAsync(address, size);
    return 0;
}

var unknown = args.Except(parts.Select(part => part.Name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"There is no part {string.Join(", ", unknown)}. There are: {string.Join(' ', parts.Select(part => part.Name))}.");
    return 2;
}

var document = Path.Combine(Servers.Repository, "docs", "benchmarks.md");
await using var servers = await Servers.UseAsync();
if (servers.AreOwn)
{
    // What is told to a process later, a library in C does not hear.
    return await Servers.AgainAsync(args);
}

var machine = Machine.Describe();
Console.WriteLine(machine);
foreach (var part in parts.Where(part => args.Length == 0 || args.Contains(part.Name)))
{
    Console.WriteLine($"{part.Name} …");
    var section = Report.Section(part.Name, machine, await part.MeasureAsync(said => Console.WriteLine($"  {said}")));
    Console.WriteLine(section);
    await File.WriteAllTextAsync(document, Report.Put(File.Exists(document) ? await File.ReadAllTextAsync(document) : null, part.Name, section));
}

return 0;
