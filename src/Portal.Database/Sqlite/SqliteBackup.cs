using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Backups;
using Portal.Application.Notifications;
using Portal.Application.Work;

namespace Portal.Database.Sqlite;

/// <summary>The file as of one moment (VACUUM INTO), and another in its place.</summary>
internal sealed class SqliteBackup(DatabaseOptions options, DbContextOptions<SqliteDbContext> contexts, TimeProvider clock) : IDatabaseBackup
{
    private string File => new SqliteConnectionStringBuilder(options.ConnectionString).DataSource;

    public string Provider => nameof(DatabaseProvider.Sqlite);

    public async Task<string> MigrationAsync(CancellationToken cancellationToken)
    {
        DemandFile();
        await using var db = new SqliteDbContext(contexts, new MailboxNews(), new WorkBell(), clock);
        return (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault()
            ?? throw new BackupException($"{File} is not migrated. Run `portal migrate` first.");
    }

    public bool Knows(string migration)
    {
        using var db = new SqliteDbContext(contexts, new MailboxNews(), new WorkBell(), clock);
        return db.Database.GetMigrations().Contains(migration);
    }

    public async Task DumpAsync(string file, CancellationToken cancellationToken)
    {
        DemandFile();

        // SQLite takes an empty file for its own, and keeps its mode.
        PrivateFile.Create(file).Dispose();
        await using var connection = new SqliteConnection(Unpooled(File, SqliteOpenMode.ReadOnly));
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "vacuum into $file";
        command.Parameters.AddWithValue("$file", file);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw new BackupException($"{File} could not be copied: {exception.Message}", exception);
        }
    }

    public async Task<bool> HasContentAsync(CancellationToken cancellationToken)
    {
        if (!System.IO.File.Exists(File) || new FileInfo(File).Length == 0)
        {
            return false;
        }

        try
        {
            await using var connection = new SqliteConnection(Unpooled(File, SqliteOpenMode.ReadOnly));
            await connection.OpenAsync(cancellationToken);
            return await AskAsync(connection, "select count(*) from sqlite_master where name = 'organisations'", cancellationToken) > 0
                && await AskAsync(connection, "select count(*) from organisations", cancellationToken) > 0;
        }
        catch (SqliteException)
        {
            // Whatever it is, it is something.
            return true;
        }
    }

    public async Task RestoreAsync(string file, CancellationToken cancellationToken)
    {
        var path = File;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.restoring";
        System.IO.File.Delete(draft);
        System.IO.File.Move(file, draft);
        try
        {
            await MigrateAsync(draft, cancellationToken);
            await PutAsideAsync(path, cancellationToken);
            System.IO.File.Move(draft, path);
        }
        finally
        {
            foreach (var left in (string[])[draft, $"{draft}-wal", $"{draft}-shm", $"{draft}.migrating"])
            {
                System.IO.File.Delete(left);
            }
        }
    }

    /// <summary>Beside its place, so that what is there stays until all of this has worked.</summary>
    private static async Task MigrateAsync(string draft, CancellationToken cancellationToken)
    {
        var connectionString = Unpooled(draft, SqliteOpenMode.ReadWrite);
        try
        {
            await new SqliteMigration(new DatabaseOptions(DatabaseProvider.Sqlite, connectionString, null), SqliteDbContexts.Options(connectionString)).RunAsync(cancellationToken);
            await AloneAsync(draft, cancellationToken);
        }
        catch (Exception exception) when (exception is DatabaseNotReadyException or SqliteException)
        {
            throw new BackupException($"The database in the backup cannot be used: {exception.Message}", exception);
        }
    }

    private async Task PutAsideAsync(string path, CancellationToken cancellationToken)
    {
        SqliteConnection.ClearAllPools();
        if (!System.IO.File.Exists(path))
        {
            return;
        }

        try
        {
            await AloneAsync(path, cancellationToken);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SqliteBusy or SqliteLocked)
        {
            throw new BackupException($"{path} is open in another process. Stop the portal first.", exception);
        }
        catch (SqliteException)
        {
            // No database, or a damaged one: it is put aside as it is.
        }

        var aside = $"{path}.replaced-{clock.GetUtcNow():yyyyMMddHHmmss}";
        foreach (var suffix in (string[])[string.Empty, "-wal", "-shm"])
        {
            if (System.IO.File.Exists(path + suffix))
            {
                System.IO.File.Move(path + suffix, aside + suffix);
            }
        }
    }

    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    /// <summary>Everything in the one file, and nobody else at it: leaving WAL mode needs both.</summary>
    private static async Task AloneAsync(string path, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(Unpooled(path, SqliteOpenMode.ReadWrite));
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 1;
        command.CommandText = "pragma journal_mode = delete";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void DemandFile()
    {
        if (!System.IO.File.Exists(File))
        {
            throw new BackupException($"{MissingFile.What(File)} {MissingFile.Mend}");
        }
    }

    private static string Unpooled(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, ForeignKeys = true }.ToString();

    private static async Task<long> AskAsync(SqliteConnection connection, string question, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Our own text.
        command.CommandText = question;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
