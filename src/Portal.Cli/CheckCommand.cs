using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Checks;

namespace Portal.Cli;

internal static class CheckCommand
{
    public static Command Make()
    {
        var check = new Verb("check", "Looks at everything that the portal stands on: what is wrong, and how to mend it. Changes nothing.", "portal check", "portal check --json");
        check.SetAction((parsed, cancellationToken) => CheckAsync(parsed, cancellationToken));
        return check;
    }

    private static async Task<int> CheckAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var voice = new Voice(parsed);
        IReadOnlyList<Finding> findings;
        try
        {
            await using var provider = Node.Start(parsed);
            findings = await provider.GetRequiredService<InstallationCheck>().RunAsync(cancellationToken);
        }
        catch (Exception exception) when (Node.IsForTheOperator(exception) || exception is InvalidOperationException)
        {
            // With such settings there are no services that could look any further.
            findings = [Finding.Problem("configuration", exception.Message, "Settings are in docs/configuration.md.")];
        }

        var lines = findings.SelectMany(Lines);
        return findings.Any(one => one.State == FindingState.Problem) ? await voice.WarnAsync(findings, lines) : await voice.TellAsync(findings, lines);
    }

    private static IEnumerable<string> Lines(Finding finding)
    {
        yield return $"{finding.State.ToString().ToLowerInvariant(),-8} {finding.Area}: {finding.What}";
        if (finding.Mend is { } mend)
        {
            yield return $"         → {mend}";
        }
    }
}
