using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Database;

namespace Portal.Cli;

internal static class MigrateCommand
{
    public static Command Make()
    {
        var migrate = new Verb("migrate", "Makes the database's tables, or brings them to this version; on PostgreSQL with Portal:Database:OwnerConnectionString.", "portal migrate");
        migrate.SetAction((parsed, cancellationToken) => Node.RunAsync(parsed, async (provider, voice) =>
        {
            await provider.GetRequiredService<DatabaseMigration>().RunAsync(cancellationToken);
            return await voice.TellAsync(new { migrated = true }, "The database is up to date.");
        }));
        return migrate;
    }
}
