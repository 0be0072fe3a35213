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

    protected override async Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await BeginNamedAsync(cancellationToken);
        }
        catch (NpgsqlException exception) when (exception.IsTransient)
        {
            // A pooled connection that the server has closed meanwhile shows only now; nothing has happened yet.
            return await BeginAgainAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw Unavailable(exception);
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddForeignKeys();
        base.OnModelCreating(modelBuilder);
    }

    private static DatabaseUnavailableException Unavailable(NpgsqlException exception) => exception is PostgresException refused && Refusal.Is(refused)
        ? new DatabaseUnavailableException($"{Refusal.What(refused)} {Refusal.Mend}", exception)
        : new DatabaseUnavailableException(exception);

    private async Task<IDbContextTransaction> BeginAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await BeginNamedAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw Unavailable(exception);
        }
    }

    private async Task<IDbContextTransaction> BeginNamedAsync(CancellationToken cancellationToken)
    {
        var transaction = await Database.BeginTransactionAsync(cancellationToken);
        try
        {
            var organisation = Organisation?.Value.ToString("D") ?? string.Empty;
            var installation = IsOfInstallation ? "on" : string.Empty;
            await Database.ExecuteSqlAsync(
                $"select set_config('portal.organisation', {organisation}, true), set_config('portal.installation', {installation}, true)", cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }
}
