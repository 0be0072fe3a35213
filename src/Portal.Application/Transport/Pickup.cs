using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Portal.Application.Transport;

/// <param name="Name">Of the file.</param>
/// <param name="At">When it was put there.</param>
/// <param name="Length">Bytes.</param>
/// <param name="From">As the header says.</param>
/// <param name="To">The envelope's recipients.</param>
/// <param name="Subject">As the header says.</param>
public sealed record PickupMessage(string Name, DateTimeOffset At, long Length, string From, string To, string Subject);

/// <summary>Mail to the outside as files, exactly as it would have travelled: so that everything can be tried with no server.</summary>
public sealed class Pickup
{
    private const int Most = 200;
    private readonly string _directory;

    internal Pickup(IOptions<TransportOptions> options, IConfiguration configuration)
    {
        IsUsed = options.Value.Kind == TransportKind.Pickup;
        _directory = Path.Combine(NodeOptions.Read(configuration).DataDirectory ?? "data", "pickup");
    }

    public bool IsUsed { get; }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<PickupMessage> List() => !IsUsed || !Directory.Exists(_directory)
        ? []
        : new DirectoryInfo(_directory).GetFiles("*.eml")
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .Take(Most)
            .Select(Describe)
            .ToList();

    /// <returns>Null when there is no such file.</returns>
    public Stream? Open(string name)
    {
        var file = List().FirstOrDefault(one => one.Name == name);
        return file is null ? null : File.OpenRead(Path.Combine(_directory, file.Name));
    }

    /// <summary>Whole or not at all.</summary>
    internal async Task PutAsync(string name, string from, IReadOnlyList<string> recipients, Stream message, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_directory);
        var file = Path.Combine(_directory, $"{name}.eml");
        var unfinished = file + ".part";
        await using (var destination = File.Create(unfinished))
        {
            // The envelope, as sendmail's own pick-up format has it.
            var envelope = $"X-Sender: {from}\r\n" + string.Concat(recipients.Select(recipient => $"X-Receiver: {recipient}\r\n"));
            await destination.WriteAsync(System.Text.Encoding.UTF8.GetBytes(envelope), cancellationToken);
            await message.CopyToAsync(destination, cancellationToken);
        }

        File.Move(unfinished, file, overwrite: true);
    }

    private static PickupMessage Describe(FileInfo file)
    {
        using var stream = file.OpenRead();
        var headers = new MimeParser(stream, MimeFormat.Entity).ParseHeaders();
        var receivers = headers.Where(header => header.Field == "X-Receiver").Select(header => header.Value);
        return new PickupMessage(
            file.Name,
            new DateTimeOffset(file.LastWriteTimeUtc),
            file.Length,
            headers[HeaderId.From] ?? string.Empty,
            string.Join(", ", receivers),
            headers[HeaderId.Subject] ?? string.Empty);
    }
}
