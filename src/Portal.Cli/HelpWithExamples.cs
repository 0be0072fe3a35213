using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Portal.Cli;

internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var examples = Below(parseResult.CommandResult.Command).ToList();
        if (examples.Count > 0)
        {
            output.WriteLine("Examples:");
            examples.ForEach(example => output.WriteLine($"  {example}"));
            output.WriteLine();
        }

        output.WriteLine("Exit codes: 0 fine, 1 what was asked about is not fine or was not done, 2 the command line is wrong.");
        return code;
    }

    private static IEnumerable<string> Below(Command command) =>
        ((command as Verb)?.Examples ?? []).Concat(command.Subcommands.SelectMany(Below));
}
