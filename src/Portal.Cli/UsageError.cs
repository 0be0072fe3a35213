using System.CommandLine;
using System.CommandLine.Parsing;

namespace Portal.Cli;

/// <summary>What is wrong with a command line, and then where to read what is right.</summary>
internal static class UsageError
{
    /// <returns>2.</returns>
    public static Task<int> SayAsync(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        return SayAsync(parsed, command.Subcommands.Count > 0 ? NoCommand(parsed, Path(parsed.CommandResult), command) : parsed.Errors.Select(Words), error);
    }

    /// <returns>2.</returns>
    public static async Task<int> SayAsync(ParseResult parsed, IEnumerable<string> words, TextWriter error)
    {
        foreach (var line in words.Distinct())
        {
            await error.WriteLineAsync(line);
        }

        await error.WriteLineAsync($"`{Path(parsed.CommandResult)} --help` says what can be asked.");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> NoCommand(ParseResult parsed, string path, Command command)
    {
        yield return parsed.UnmatchedTokens.Count > 0 ? $"{path} does not know \"{parsed.UnmatchedTokens[0]}\"." : $"{path} needs a command.";
        yield return $"There is: {string.Join(", ", command.Subcommands.Select(one => one.Name))}.";
    }

    // The library says that something is missing, not what.
    private static string Words(ParseError error) =>
        error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult, Argument.Name: var name } ? $"{name} is missing." : error.Message.Trim();

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "portal";
}
