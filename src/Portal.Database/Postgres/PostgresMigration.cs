using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Database.Postgres;

/// <summary>Migrates as the owner where the owner is configured; then, as the application, sees for itself that everything holds.</summary>
internal sealed class PostgresMigration(DatabaseOptions options, DbContextOptions<PostgresDbContext> application) : DatabaseMigration
{
    /// <summary>Any number, as long as every version of the portal uses the same.</summary>
    private const long Lock = 0x706F7274616C;

    private static readonly string Security = SqlText.Read("Security.sql");

    /// <summary>Left in the database, so that the application knows which version of Security.sql was run last.</summary>
    public static string SecurityMark { get; } = $"Security.sql {SqlText.Fingerprint(Security)}";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (options.OwnerConnectionString is { } owner)
            {
                await MigrateAsync(owner, cancellationToken);
            }

            await new PostgresReadiness(application).DemandAsync(cancellationToken);
        }
        catch (PostgresException exception) when (Refusal.Is(exception))
        {
            throw new DatabaseNotReadyException(Refusal.What(exception), exception);
        }
        catch (NpgsqlException exception) when (exception is not PostgresException || exception.IsTransient)
        {
            throw new DatabaseUnavailableException(exception);
        }
    }

    private async Task MigrateAsync(string ownerConnectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false };
        await using var owner = new NpgsqlConnection(settings.ToString());
        await owner.OpenAsync(cancellationToken);

        // Until the connection closes: nodes that start together migrate one after the other.
        await ExecuteAsync(owner, $"select pg_advisory_lock({Lock})", cancellationToken);
        await ApplicationRole.EnsureAsync(owner, new NpgsqlConnectionStringBuilder(options.ConnectionString), cancellationToken);
        await using (var db = new PostgresDbContext(PostgresDbContexts.OwnerOptions(owner), TimeProvider.System))
        {
            // Locks on every table, under those who work: not for a node that only starts again.
            if (!(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any() && await HoldsAsync(owner, cancellationToken))
            {
                return;
            }

            await db.Database.MigrateAsync(cancellationToken);
        }

        await using var transaction = await owner.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(owner, Security, cancellationToken);
        await ExecuteAsync(owner, $"comment on table public.{PostgresDbContexts.History} is '{SecurityMark}'", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Security.sql is this version's, and has reached every table.</summary>
    private static async Task<bool> HoldsAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        const string question = """
            select coalesce(obj_description(to_regclass('public.migrations'), 'pg_class'), '') = $1 and not exists (
                select from pg_class c
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity))
            """;
        await using var command = new NpgsqlCommand(question, owner);
        command.Parameters.Add(new NpgsqlParameter { Value = SecurityMark });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Our own text.
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 600 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
