using System.Text.Json.Nodes;

namespace Portal.Cli.Tests;

/// <summary>`portal audit verify --checkpoints` with a file that is not what was asked for.</summary>
public sealed class CheckpointFileTests(FoundedPortal founded) : IClassFixture<FoundedPortal>
{
    [Theory]
    [InlineData("empty", "is empty")]
    [InlineData("blank", "is empty")]
    [InlineData("prose", "is no file of checkpoints: no line of it is one.")]
    [InlineData("foreign", "has 1 checkpoint, but none of this organisation. Is it another installation's?")]
    [InlineData("directory", "is a directory: name the file in it.")]
    [InlineData("missing", "There is no file")]
    [InlineData("unreadable", "cannot be read")]
    public async Task What_is_wrong_with_the_file_is_said_first_and_it_is_not_fine(string kind, string words)
    {
        await using var portal = OperatedPortal.CopyOf(founded.Portal);
        var file = await MakeAsync(portal, kind);

        var answer = await portal.RunAsync("audit", "verify", "--checkpoints", file);

        Assert.Equal(1, answer.Code);
        var lines = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("Example Clinic: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(file, lines[0], StringComparison.Ordinal);
        Assert.Contains(words, lines[0], StringComparison.Ordinal);
        Assert.Contains("entries, intact; no checkpoint could be used", Assert.Single(lines[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_that_was_asked_for_may_well_be_fine()
    {
        await using var portal = OperatedPortal.CopyOf(founded.Portal);

        var output = await portal.DoAsync("audit", "verify", "--checkpoints", portal.Settings["Portal__Audit__CheckpointTarget"]);

        Assert.Contains("1 checkpoint agrees", output, StringComparison.Ordinal);
    }

    private static async Task<string> MakeAsync(OperatedPortal portal, string kind)
    {
        if (kind == "unreadable")
        {
            return "/proc/self/mem";
        }

        var file = Path.Combine(portal.DirectoryName, kind);
        switch (kind)
        {
            case "directory":
                Directory.CreateDirectory(file);
                break;
            case "foreign":
                var line = JsonNode.Parse(await File.ReadAllTextAsync(portal.Settings["Portal__Audit__CheckpointTarget"]))!;
                line["organisation"] = new string('0', 32);
                await File.WriteAllTextAsync(file, line.ToJsonString() + "\n");
                break;
            case not "missing":
                await File.WriteAllTextAsync(file, kind switch { "empty" => string.Empty, "blank" => "\n \n", _ => "Dear auditor,\n{}\n" });
                break;
        }

        return file;
    }
}
