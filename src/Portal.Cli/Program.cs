using System.CommandLine;
using Portal.Cli;

return await PortalCommand.RunAsync(args, new InvocationConfiguration());
