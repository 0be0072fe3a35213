using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Portal.Application;
using Portal.Application.Audit;

namespace Portal.Database.Postgres;

/// <summary>Row-level security does the separating; this names the organisation, for this transaction only.</summary>
internal sealed class PostgresDbContext(DbContextOptions<PostgresDbContext> options, TimeProvider clock) : PortalDbContext(options, clock)
{
    /// <summary>NOTIFY's channel; the payload is a mailbox's id.</summary>
    public const string NewsChannel = "mailbox_news";

    /// <summary>The channel without payload: somebody has put work on the list.</summary>
    public const string WorkChannel = "work_news";

    public override async Task<AuditChain> LockAuditChainAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var readBefore = ChangeTracker.Entries<AuditChain>().Any(one => one.Entity.OrganisationId == organisation);
        var locked = await AuditChains
            .FromSql($"select * from audit_chains where organisation_id = {organisation.Value} for update")
            .AsTracking()
            .ToListAsync(cancellationToken);
        var chain = locked.SingleOrDefault()
            ?? throw new InvalidOperationException($"The organisation {organisation} has no audit chain: nothing may happen that cannot be recorded.");
        if (readBefore)
        {
            // What was read before the lock may be old, and tracking would keep it.
            await Entry(chain).ReloadAsync(cancellationToken);
        }

        return chain;
    }

    public override async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        new(await Database.SqlQuery<DateTime>($"select clock_timestamp() as \"Value\"").SingleAsync(cancellationToken));

    protected override async Task AnnounceInTransactionAsync(IReadOnlyCollection<MailboxId> mailboxes, bool work, CancellationToken cancellationToken)
    {
        foreach (var mailbox in mailboxes)
        {
            await Database.ExecuteSqlAsync($"select pg_notify({NewsChannel}, {mailbox.ToString()})", cancellationToken);
        }

        if (work)
        {
            await Database.ExecuteSqlAsync($"select pg_notify({WorkChannel}, '')", cancellationToken);
        }
    }

    protected override Task AnnounceAfterCommitAsync(IReadOnlyCollection<MailboxId> mailboxes, bool work) => Task.CompletedTask;

    protected override Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken) => Asking.AskAsync(() => BeginNamedAsync(cancellationToken));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddForeignKeys();
        base.OnModelCreating(modelBuilder);
    }

    private async Task<IDbContextTransaction> BeginNamedAsync(CancellationToken cancellationToken)
    {
        var transaction = await Database.BeginTransactionAsync(cancellationToken);
        try
        {
            // Before every operation: no detour over a query.
            await using var command = new NpgsqlCommand(
                "select set_config('portal.organisation', $1, true), set_config('portal.installation', $2, true)",
                (NpgsqlConnection)Database.GetDbConnection(),
                (NpgsqlTransaction)transaction.GetDbTransaction());
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Organisation?.Value.ToString("D") ?? string.Empty });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = IsOfInstallation ? "on" : string.Empty });
            await command.ExecuteNonQueryAsync(cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }
}
