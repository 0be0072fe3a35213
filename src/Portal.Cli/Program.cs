using System.CommandLine;
using Portal.Cli;

var portal = new RootCommand("The operator's command line. It reads the portal's own settings: appsettings.json beside it, and Portal__… in the environment.")
{
    MigrateCommand.Make(),
    TrustCommand.Make(),
    PolicyCommand.Make(),
};
return await portal.Parse(args).InvokeAsync();
