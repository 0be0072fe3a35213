using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Notifications;
using Portal.Application.Work;

namespace Portal.Database.Sqlite;

/// <summary>Makes the file, for its owner's eyes only, and migrates it.</summary>
internal sealed class SqliteMigration(DatabaseOptions options, DbContextOptions<SqliteDbContext> contexts) : DatabaseMigration
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        var path = new SqliteConnectionStringBuilder(options.ConnectionString).DataSource;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var alone = OpenPrivately($"{path}.migrating");
            if (!File.Exists(path))
            {
                // The journals beside it will inherit its mode.
                OpenPrivately(path).Dispose();
            }

            await MigrateAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseNotReadyException($"The database file {path} cannot be made or opened, or another process is migrating it.", exception);
        }
        catch (SqliteException exception)
        {
            throw new DatabaseNotReadyException($"The file {path} is not a database of the portal, or is damaged: {exception.Message}", exception);
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var db = new SqliteDbContext(contexts, new MailboxNews(), new WorkBell(), TimeProvider.System);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("pragma journal_mode = wal", cancellationToken);

        // Entity Framework's own lock is a row that a killed process leaves behind for ever; ours ended with the process.
        await db.Database.ExecuteSqlRawAsync("drop table if exists \"__EFMigrationsLock\"", cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(SqlText.Read("Rules.sql"), cancellationToken);
    }

    private static FileStream OpenPrivately(string path)
    {
        var how = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = OwnerFile;
        }

        return new FileStream(path, how);
    }
}
