using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Database;

namespace Portal.Cli;

internal static class MigrateCommand
{
    public static Command Make()
    {
        var migrate = new Command("migrate", "Brings the database to this version; on PostgreSQL with Portal:Database:OwnerConnectionString.");
        migrate.SetAction((_, cancellationToken) => Node.RunAsync(async provider =>
        {
            await provider.GetRequiredService<DatabaseMigration>().RunAsync(cancellationToken);
            await Console.Out.WriteLineAsync("The database is up to date.");
            return 0;
        }));
        return migrate;
    }
}
