using System.CommandLine;
using System.CommandLine.Help;

namespace Portal.Cli;

internal static class PortalCommand
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, InvocationConfiguration invocation)
    {
        var parsed = Make().Parse(arguments);
        var code = await parsed.InvokeAsync(invocation);
        return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
    }

    public static RootCommand Make()
    {
        var portal = new RootCommand("The operator's command line. It reads the portal's own settings: appsettings.json beside it, and Portal__… in the environment.")
        {
            MigrateCommand.Make(),
            CheckCommand.Make(),
            OrganisationCommand.Make(),
            UserCommand.Make(),
            PolicyCommand.Make(),
            TrustCommand.Make(),
            AuditCommand.Make(),
            QueueCommand.Make(),
            BackupCommand.Make(),
            RestoreCommand.Make(),
            CompletionCommand.Make(),
        };
        portal.Options.Add(Voice.Json);
        var help = portal.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return portal;
    }
}
