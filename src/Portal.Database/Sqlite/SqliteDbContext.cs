using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Application;
using Portal.Application.Audit;
using Portal.Application.Notifications;
using Portal.Application.Work;

namespace Portal.Database.Sqlite;

/// <summary>One file, one organisation, one process that writes; the file's write lock stands for every other lock.</summary>
internal sealed class SqliteDbContext(DbContextOptions<SqliteDbContext> options, MailboxNews news, WorkBell bell, TimeProvider clock) : PortalDbContext(options, clock)
{
    private readonly TimeProvider _clock = clock;

    public override async Task<AuditChain> LockAuditChainAsync(OrganisationId organisation, CancellationToken cancellationToken) =>
        await AuditChains.AsTracking().SingleOrDefaultAsync(one => one.OrganisationId == organisation, cancellationToken)
        ?? throw new InvalidOperationException($"The organisation {organisation} has no audit chain: nothing may happen that cannot be recorded.");

    public override Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => Task.FromResult(_clock.GetUtcNow());

    protected override Task AnnounceInTransactionAsync(IReadOnlyCollection<MailboxId> mailboxes, bool work, CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task AnnounceAfterCommitAsync(IReadOnlyCollection<MailboxId> mailboxes, bool work)
    {
        if (work)
        {
            bell.Ring();
        }

        foreach (var mailbox in mailboxes)
        {
            await news.TellAsync(mailbox);
        }
    }

    protected override async Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken)
    {
        // Microsoft.Data.Sqlite takes the write lock at once (BEGIN IMMEDIATE), unless it is asked for this level, which it
        // runs as serializable but deferred: readers wait for nobody.
        var reading = ChangeTracker.QueryTrackingBehavior == QueryTrackingBehavior.NoTracking;
        try
        {
            return await Database.BeginTransactionAsync(reading ? IsolationLevel.ReadUncommitted : IsolationLevel.Serializable, cancellationToken);
        }
        catch (SqliteException exception)
        {
            var path = new SqliteConnectionStringBuilder(Database.GetConnectionString()).DataSource;
            throw File.Exists(path) ? new DatabaseUnavailableException(exception) : new DatabaseUnavailableException($"{MissingFile.What(path)} {MissingFile.Mend}", exception);
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddForeignKeys();
        base.OnModelCreating(modelBuilder);
    }
}
