using Microsoft.EntityFrameworkCore;
using Portal.Application;
using Portal.Application.Work;

namespace Portal.Database.Sqlite;

/// <summary>Reads and leases under the file's write lock, so that nobody else does at the same time.</summary>
internal sealed class SqliteWorkClaims(IPortalDbContexts contexts) : IWorkClaims
{
    public async Task<IReadOnlyList<ClaimedWork>> ClaimAsync(int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (!await AnythingDueAsync(cancellationToken))
        {
            return [];
        }

        await using var db = contexts.Create();
        await db.BeginAsync(null, cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        var until = now + lease;
        var due = await Due(db, now).AsNoTracking().OrderBy(one => one.DueAt).ThenBy(one => one.Id).Take(most).ToListAsync(cancellationToken);
        var ids = due.ConvertAll(one => one.Id);
        await db.WorkItems.Where(one => ids.Contains(one.Id)).ExecuteUpdateAsync(
            set => set
                .SetProperty(one => one.LeasedUntil, until)
                .SetProperty(one => one.Token, one => one.Token + 1)
                .SetProperty(one => one.Attempts, one => one.Attempts + 1),
            cancellationToken);
        await db.CommitAsync(cancellationToken);
        return due.ConvertAll(one => new ClaimedWork(one.OrganisationId, one.Id, one.Kind, one.Subject, one.Token + 1, one.Attempts + 1, one.TraceParent));
    }

    // Looking every second must not take the write lock from those who have something to write.
    private async Task<bool> AnythingDueAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        await db.BeginAsync(null, cancellationToken);
        return await Due(db, await db.NowAsync(cancellationToken)).AnyAsync(cancellationToken);
    }

    private static IQueryable<WorkItem> Due(PortalDbContext db, DateTimeOffset now) =>
        db.WorkItems.Where(one => one.DueAt <= now && (one.LeasedUntil == null || one.LeasedUntil <= now));
}
