using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using Portal.Cli.Smime;

namespace Portal.Cli;

internal static class PortalCommand
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, InvocationConfiguration invocation)
    {
        // One language, also where the library and mail servers' words have another.
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        var parsed = Make().Parse(arguments);
        return parsed.Action is ParseErrorAction ? await UsageError.SayAsync(parsed, invocation.Error) : await parsed.InvokeAsync(invocation);
    }

    public static RootCommand Make()
    {
        var portal = new RootCommand("The operator's command line. It reads the portal's own settings: appsettings.json beside it, and Portal__… in the environment, "
            + "such as Portal__DataDirectory. Where to begin: `portal check` says what is wrong, and how to mend it.")
        {
            MigrateCommand.Make(),
            CheckCommand.Make(),
            OrganisationCommand.Make(),
            UserCommand.Make(),
            PolicyCommand.Make(),
            TrustCommand.Make(),
            KeysCommand.Make(),
            AuditCommand.Make(),
            QueueCommand.Make(),
            BackupCommand.Make(),
            RestoreCommand.Make(),
            SmimeCommand.Make(),
            CompletionCommand.Make(),
        };
        portal.Options.Add(Voice.Json);
        var help = portal.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return portal;
    }
}
