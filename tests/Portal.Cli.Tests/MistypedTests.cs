using System.CommandLine;
using System.Globalization;
using Portal.Testing;

namespace Portal.Cli.Tests;

/// <summary>What is said about a command line that cannot be understood.</summary>
public sealed class MistypedTests
{
    [Theory]
    [InlineData("nonsense", "portal does not know \"nonsense\".", "check", "portal --help")]
    [InlineData("audit", "portal audit needs a command.", "verify", "portal audit --help")]
    [InlineData("audit nonsense", "portal audit does not know \"nonsense\".", "verify", "portal audit --help")]
    [InlineData("audit verify --nonsense", "--nonsense", null, "portal audit verify --help")]
    [InlineData("backup", "FILE is missing.", null, "portal backup --help")]
    [InlineData("user add", "--name", "ADDRESS is missing.", "portal user add --help")]
    public async Task The_error_comes_first_and_then_a_hint_but_not_the_whole_help(string line, string first, string? also, string hint)
    {
        var answer = await RunAsync(line.Split(' '));

        Assert.Equal((2, string.Empty), (answer.Code, answer.Output));
        var lines = answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(first, lines[0], StringComparison.Ordinal);
        Assert.Contains(also ?? string.Empty, answer.Error, StringComparison.Ordinal);
        Assert.Contains(hint, lines[^1], StringComparison.Ordinal);
        Assert.InRange(lines.Length, 2, 4);
    }

    [Fact]
    public async Task It_speaks_one_language_wherever_it_runs()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("de-DE");

        var answer = await RunAsync("check", "--help");

        Assert.Contains("Usage:", answer.Output, StringComparison.Ordinal);
    }

    private static async Task<CliAnswer> RunAsync(params string[] arguments)
    {
        var invocation = new InvocationConfiguration { Output = new StringWriter(), Error = new StringWriter() };
        var code = await PortalCommand.RunAsync(arguments, invocation);
        return new CliAnswer(code, invocation.Output.ToString()!, invocation.Error.ToString()!);
    }
}
