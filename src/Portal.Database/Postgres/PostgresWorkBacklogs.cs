using Microsoft.EntityFrameworkCore;
using Portal.Application;
using Portal.Application.Telemetry;
using Portal.Application.Work;

namespace Portal.Database.Postgres;

internal sealed class PostgresWorkBacklogs(IPortalDbContexts contexts) : IWorkBacklogs
{
    public async Task<IReadOnlyList<WorkBacklog>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create();
        await db.BeginAsync(null, cancellationToken);
        return await db.Database
            .SqlQuery<WorkBacklog>($"""
                select kind as "Kind", due as "Due", leased as "Leased", later as "Later", oldest_due as "OldestDue"
                from portal_count_work()
                """)
            .ToListAsync(cancellationToken);
    }
}
