using System.CommandLine;
using System.Diagnostics;
using Portal.Testing;

namespace Portal.Cli.Tests;

/// <summary>What every command promises.</summary>
public sealed class UsageTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    public static TheoryData<string> Commands => [.. Leaves(PortalCommand.Make(), string.Empty).Select(one => one.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_says_what_it_does_shows_how_and_answers_in_json(string path)
    {
        var command = Leaves(PortalCommand.Make(), string.Empty).Single(one => one.Path == path).Command;
        Assert.NotEmpty(command.Description!);
        Assert.All(command.Options.Where(option => !option.Hidden), option => Assert.NotEmpty(option.Description!));
        Assert.All(command.Arguments, argument => Assert.NotEmpty(argument.Description!));
        var examples = Assert.IsType<Verb>(command).Examples;
        Assert.NotEmpty(examples);
        foreach (var example in examples.Where(example => example.StartsWith("portal ", StringComparison.Ordinal)))
        {
            var parsed = PortalCommand.Make().Parse(example.Split(" > ")[0]["portal ".Length..] + " --json");
            Assert.Empty(parsed.Errors);
            Assert.True(parsed.GetValue(Voice.Json));
            Assert.Equal(command.Name, parsed.CommandResult.Command.Name);
        }
    }

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("audit")]
    [InlineData("audit", "verify", "--nonsense")]
    [InlineData("trust", "add")]
    [InlineData("audit", "export", "--from", "yesterday")]
    [InlineData("completion", "cmd")]
    public async Task A_command_line_that_cannot_be_understood_is_2(params string[] arguments)
    {
        var answer = await PortalCli.RunAsync(Nothing, arguments);
        Assert.Equal(2, answer.Code);
        Assert.NotEmpty(answer.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("audit", "--help")]
    [InlineData("audit", "verify", "--help")]
    public async Task Help_has_examples_and_is_fine(params string[] arguments)
    {
        var answer = await PortalCli.RunAsync(Nothing, arguments);
        Assert.Equal(0, answer.Code);
        Assert.Contains("Examples:\n", answer.Output, StringComparison.Ordinal);
        Assert.Contains("  portal audit verify\n", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("portal aud", "audit")]
    [InlineData("portal audit ", "checkpoint export verify")]
    [InlineData("portal audit verify --dom", "--domain")]
    [InlineData("portal completion z", "zsh")]
    [InlineData("portal user add ada@example.org --role A", "Administrator Auditor")]
    [InlineData("portal policy --second-factor ", "Administrators Everybody Nobody")]
    public async Task Bash_completes_what_is_typed(string line, string expected)
    {
        var words = line.Split(' ');
        var script = $$"""
            portal() { dotnet '{{PortalCli.Assembly}}' "$@"; }
            source <(portal completion bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}}) COMP_CWORD={{words.Length - 1}}
            _portal
            echo $(printf '%s\n' "${COMPREPLY[@]}" | grep -v '^-[^-]\|^--help\|^--json' | sort)
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        Assert.Equal(expected, (await bash.StandardOutput.ReadToEndAsync()).Trim());
        await bash.WaitForExitAsync();
    }

    [Theory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task Other_shells_understand_what_is_printed_for_them(string shell, string onlyRead)
    {
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, (await PortalCli.RunAsync(Nothing, "completion", shell)).Output);
        using var process = Process.Start(new ProcessStartInfo(shell, [onlyRead, script]) { RedirectStandardError = true })!;
        Assert.Equal(string.Empty, await process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        File.Delete(script);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Fish_completes_what_is_typed()
    {
        var script = $$"""
            function portal; dotnet '{{PortalCli.Assembly}}' $argv; end
            portal completion fish | source
            complete -C 'portal audit ' | string match -v -- '-*' | sort | string join ' '
            """;
        using var fish = Process.Start(new ProcessStartInfo("fish", ["--no-config", "-c", script]) { RedirectStandardOutput = true })!;
        Assert.Equal("checkpoint export verify", (await fish.StandardOutput.ReadToEndAsync()).Trim());
        await fish.WaitForExitAsync();
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(one => Leaves(one, $"{path} {one.Name}".Trim()));
}
