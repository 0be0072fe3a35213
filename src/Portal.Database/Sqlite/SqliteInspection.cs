using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Checks;
using Portal.Application.Notifications;
using Portal.Application.Work;

namespace Portal.Database.Sqlite;

internal sealed class SqliteInspection(DatabaseOptions options, DbContextOptions<SqliteDbContext> contexts, TimeProvider clock) : IDatabaseInspection
{
    private const string Area = "database";

    public async Task<IReadOnlyList<Finding>> InspectAsync(CancellationToken cancellationToken)
    {
        var path = new SqliteConnectionStringBuilder(options.ConnectionString).DataSource;
        if (!File.Exists(path))
        {
            return [Finding.Problem(Area, MissingFile.What(path), MissingFile.Mend)];
        }

        try
        {
            await using var db = new SqliteDbContext(contexts, new MailboxNews(), new WorkBell(), clock);
            var damage = await DamageAsync(path, cancellationToken);
            if (damage != "ok")
            {
                return [Finding.Problem(Area, $"{path} is damaged: {damage}", "Stop the portal and restore a backup.")];
            }

            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
            return
            [
                Finding.Ok(Area, $"SQLite, {path}, whole."),
                pending
                    ? Finding.Problem("migrations", "The database is of another version than this program.", "Run `portal migrate`.")
                    : Finding.Ok("migrations", "The database is of this version."),
                Finding.Ok("row-level security", "Not needed: SQLite holds one organisation."),
            ];
        }
        catch (SqliteException exception)
        {
            return [Finding.Problem(Area, $"{path} cannot be read: {exception.Message}", "Is it the portal's file, and may this user read it?")];
        }
    }

    private static async Task<string> DamageAsync(string path, CancellationToken cancellationToken)
    {
        var readOnly = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        await using var connection = new SqliteConnection(readOnly.ToString());
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma quick_check(1)";
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
