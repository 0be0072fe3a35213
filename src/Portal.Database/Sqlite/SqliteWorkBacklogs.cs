using Microsoft.EntityFrameworkCore;
using Portal.Application;
using Portal.Application.Telemetry;
using Portal.Application.Work;

namespace Portal.Database.Sqlite;

internal sealed class SqliteWorkBacklogs(IPortalDbContexts contexts) : IWorkBacklogs
{
    public async Task<IReadOnlyList<WorkBacklog>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        await db.BeginAsync(null, cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        var items = await db.WorkItems.Select(one => new { one.Kind, one.DueAt, one.LeasedUntil }).ToListAsync(cancellationToken);
        return items
            .GroupBy(one => one.Kind)
            .Select(kind => new WorkBacklog(
                kind.Key.ToString(),
                kind.Count(one => one.DueAt <= now && !(one.LeasedUntil > now)),
                kind.Count(one => one.DueAt <= now && one.LeasedUntil > now),
                kind.Count(one => one.DueAt > now),
                kind.Min(one => one.DueAt) is var oldest && oldest <= now ? now - oldest : TimeSpan.Zero))
            .ToList();
    }
}
