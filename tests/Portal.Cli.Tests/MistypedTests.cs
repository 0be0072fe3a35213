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
    public void A_value_of_any_option_that_cannot_be_understood_is_said_in_words_with_the_options_name()
    {
        foreach (var (path, command) in Leaves(PortalCommand.Make(), string.Empty))
        {
            foreach (var option in command.Options.Where(one => one.ValueType != typeof(string) && one.ValueType != typeof(bool)))
            {
                Judge(option.Name, [.. path.Split(' '), option.Name, Wrong(option.ValueType)]);
            }

            foreach (var argument in command.Arguments.Where(one => one.ValueType != typeof(string)))
            {
                Judge(argument.Name, [.. path.Split(' '), Wrong(argument.ValueType)]);
            }
        }
    }

    [Theory]
    [InlineData("smime open m.eml --at 01/02/2026", "--at", "2026-01-31")]
    [InlineData("policy --second-factor 7", "--second-factor", "Administrators, Everybody or Nobody")]
    [InlineData("policy --unknown-software what", "--unknown-software", "Compatible or Modern")]
    [InlineData("policy --signing-keys Rsa2048", "--signing-keys", "P256, Rsa3072 or Rsa4096")]
    [InlineData("policy --signed-only maybe", "--signed-only", "true or false")]
    [InlineData("policy --unprotected=2", "--unprotected", "true or false")]
    [InlineData("user add a@b.test --name A --role 99", "--role", "User, Administrator, CertificateManager or Auditor")]
    [InlineData("user add a@b.test --name A --role None", "--role", "User, Administrator, CertificateManager or Auditor")]
    [InlineData("queue hold what", "ID", "portal queue list")]
    [InlineData("audit export --until what", "--until", "2026-01-31T08:00:00Z")]
    [InlineData("completion cmd", "SHELL", "bash, zsh or fish")]
    public async Task What_is_expected_is_named(string line, string name, string expected)
    {
        var answer = await RunAsync(line.Split(' '));

        Assert.Equal(2, answer.Code);
        var first = answer.Error.Split('\n')[0];
        Assert.StartsWith($"{name} cannot be \"", first, StringComparison.Ordinal);
        Assert.Contains(expected, first, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy --second-factor everybody --signed-only TRUE --signing-keys p256")]
    [InlineData("user add a@b.test --name A --role auditor --role User")]
    [InlineData("user add a@b.test --name A --role User,Auditor")]
    [InlineData("queue list --failed")]
    [InlineData("queue list --failed=false --json true")]
    public void Case_does_not_count_and_switches_may_be_said_in_full(string line) =>
        Assert.Empty(PortalCommand.Make().Parse(line).Errors);

    [Fact]
    public async Task It_speaks_one_language_wherever_it_runs()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("de-DE");

        var answer = await RunAsync("check", "--help");

        Assert.Contains("Usage:", answer.Output, StringComparison.Ordinal);
    }

    private static string Wrong(Type type) => type == typeof(FileInfo) || type == typeof(FileInfo[]) ? string.Empty : "what";

    private static void Judge(string name, string[] arguments)
    {
        var errors = PortalCommand.Make().Parse(arguments).Errors.Select(one => one.Message).ToList();
        Assert.True(errors.Any(one => one.StartsWith($"{name} cannot be \"", StringComparison.Ordinal)), $"{string.Join(' ', arguments)}: {string.Join(" / ", errors)}");
        Assert.DoesNotContain(errors, one => one.Contains("System.", StringComparison.Ordinal) || one.Contains("Portal.Application", StringComparison.Ordinal));
    }

    private static async Task<CliAnswer> RunAsync(params string[] arguments)
    {
        var invocation = new InvocationConfiguration { Output = new StringWriter(), Error = new StringWriter() };
        var code = await PortalCommand.RunAsync(arguments, invocation);
        return new CliAnswer(code, invocation.Output.ToString()!, invocation.Error.ToString()!);
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(one => Leaves(one, $"{path} {one.Name}".Trim()));
}
