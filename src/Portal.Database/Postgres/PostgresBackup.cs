using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Application.Backups;

namespace Portal.Database.Postgres;

/// <summary>
/// pg_dump's custom format, as the owner. Rights and row-level security are not restored from it but made anew by
/// Security.sql, so that roles may have other names on the other machine.
/// </summary>
internal sealed class PostgresBackup(
    DatabaseOptions options, DbContextOptions<PostgresDbContext> application, PostgresTools tools, DatabaseMigration migration, TimeProvider clock) : IDatabaseBackup
{
    private const string Aside = "portal_replaced";

    // What Security.sql makes, and the schema, which is there.
    private static readonly string[] MadeAnew = [" POLICY ", " ROW SECURITY ", " ACL ", " DEFAULT ACL ", " SCHEMA ", " COMMENT - SCHEMA "];

    public string Provider => nameof(DatabaseProvider.Postgres);

    private string Owner => options.OwnerConnectionString is { } owner
        ? new NpgsqlConnectionStringBuilder(owner) { Pooling = false }.ToString()
        : throw new BackupException("Portal:Database:OwnerConnectionString is missing: only the owner sees all rows of all organisations.");

    public async Task<string> MigrationAsync(CancellationToken cancellationToken)
    {
        await using var owner = await OpenAsync(cancellationToken);
        await using var db = new PostgresDbContext(PostgresDbContexts.OwnerOptions(owner), clock);
        return (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault()
            ?? throw new BackupException("The database is not migrated. Run `portal migrate` first.");
    }

    public bool Knows(string migration)
    {
        using var db = new PostgresDbContext(application, clock);
        return db.Database.GetMigrations().Contains(migration);
    }

    public async Task DumpAsync(string file, CancellationToken cancellationToken)
    {
        await using (var owner = await OpenAsync(cancellationToken))
        {
            // Row-level security binds the owner too; without its policy a dump would be empty, and nobody would notice.
            var hidden = await AskAsync<long>(owner, """
                select count(*) from pg_class c
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity and not exists (
                    select from pg_policy p
                    where p.polrelid = c.oid and p.polpermissive and p.polcmd = '*' and pg_get_expr(p.polqual, p.polrelid) = 'true'
                        and p.polroles @> array[current_user::regrole::oid])
                """, cancellationToken);
            if (hidden > 0)
            {
                throw new BackupException("Portal:Database:OwnerConnectionString names a user that does not see all rows. It has to be the one that migrated the database.");
            }
        }

        PrivateFile.Create(file).Dispose();
        await tools.RunAsync(
            "pg_dump", Owner, ["--format=custom", "--no-owner", "--no-privileges", "--enable-row-security", "--schema=public", "--no-password", $"--file={file}"], cancellationToken);
    }

    public async Task<bool> HasContentAsync(CancellationToken cancellationToken)
    {
        await using var owner = await OpenAsync(cancellationToken);
        return await AskAsync<bool>(owner, "select to_regclass('public.organisations') is not null", cancellationToken)
            && await AskAsync<bool>(owner, "select exists (select from public.organisations)", cancellationToken);
    }

    public async Task RestoreAsync(string file, CancellationToken cancellationToken)
    {
        NpgsqlConnection.ClearAllPools();
        await using var owner = await OpenAsync(cancellationToken);
        await DemandAloneAsync(owner, cancellationToken);
        var list = $"{file}.list";
        var all = await tools.RunAsync("pg_restore", Owner, ["--list", file], cancellationToken);
        await File.WriteAllLinesAsync(list, all.Split('\n').Where(line => !MadeAnew.Any(kind => line.Contains(kind, StringComparison.Ordinal))), cancellationToken);
        await PutAsideAsync(owner, cancellationToken);
        try
        {
            await tools.RunAsync(
                "pg_restore",
                Owner,
                ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--no-password", $"--use-list={list}", $"--dbname={new NpgsqlConnectionStringBuilder(Owner).Database}", file],
                cancellationToken);
            await migration.RunAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            await ExecuteAsync(owner, $"drop schema public cascade; alter schema {Aside} rename to public", CancellationToken.None);
            throw exception is DatabaseNotReadyException ? new BackupException(exception.Message, exception) : exception;
        }

        await ExecuteAsync(owner, $"drop schema {Aside} cascade", cancellationToken);
    }

    private async Task DemandAloneAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        var application = new NpgsqlConnectionStringBuilder(options.ConnectionString).Username!;
        await using var command = new NpgsqlCommand("select count(*) from pg_stat_activity where datname = current_database() and usename = $1", owner);
        command.Parameters.Add(new NpgsqlParameter { Value = application });
        var others = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (others > 0)
        {
            throw new BackupException($"The portal is at work on this database ({others} connections of {application}). Stop all of its nodes first.");
        }
    }

    /// <summary>The schema keeps everything under another name until the restore has worked; extensions stay where they are looked for.</summary>
    private static async Task PutAsideAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(owner, $$"""
                do $$
                declare
                    one record;
                begin
                    if to_regnamespace('{{Aside}}') is not null then
                        -- A restore was cut off: what is in public is half of a backup.
                        drop schema public cascade;
                    else
                        alter schema public rename to {{Aside}};
                    end if;
                    create schema public;
                    grant usage on schema public to public;
                    for one in select extname from pg_extension where extnamespace = '{{Aside}}'::regnamespace loop
                        execute format('alter extension %I set schema public', one.extname);
                    end loop;
                end
                $$
                """, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new BackupException(
                $"{exception.MessageText}: the user of Portal:Database:OwnerConnectionString has to own the database, to put its present contents aside.", exception);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var owner = new NpgsqlConnection(Owner);
        try
        {
            await owner.OpenAsync(cancellationToken);
            return owner;
        }
        catch (NpgsqlException exception)
        {
            await owner.DisposeAsync();
            throw new BackupException($"PostgreSQL does not let the owner in, or does not answer: {exception.Message}", exception);
        }
    }

    private static async Task<T> AskAsync<T>(NpgsqlConnection connection, string question, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Our own text.
        await using var command = new NpgsqlCommand(question, connection);
#pragma warning restore CA2100
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Our own text.
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 600 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
