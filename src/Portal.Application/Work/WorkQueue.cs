using Microsoft.EntityFrameworkCore;
using Portal.Application.Telemetry;

namespace Portal.Application.Work;

/// <summary>Thrown when a lease ran out and another node took over: whatever this one did must not be saved.</summary>
internal sealed class LeaseLostException() : Exception("Another node has taken this work over.");

/// <summary>Puts work on the list, and ends it under the token that it was claimed with.</summary>
internal static class WorkQueue
{
    public static void Enqueue(PortalDbContext db, OrganisationId organisation, WorkKind kind, Guid subject, DateTimeOffset dueAt) =>
        db.WorkItems.Add(new WorkItem(organisation, kind, subject, dueAt, Spans.TraceParent));

    /// <summary>In the transaction that saves the work's result.</summary>
    /// <exception cref="LeaseLostException">The token is no longer the newest.</exception>
    public static async Task CompleteAsync(PortalDbContext db, ClaimedWork work, CancellationToken cancellationToken) =>
        Demand(await Held(db, work).ExecuteDeleteAsync(cancellationToken));

    /// <summary>The work comes again; attempts count from zero when it ended well.</summary>
    /// <exception cref="LeaseLostException">The token is no longer the newest.</exception>
    public static async Task RescheduleAsync(PortalDbContext db, ClaimedWork work, TimeSpan delay, bool endedWell, CancellationToken cancellationToken)
    {
        var due = await db.NowAsync(cancellationToken) + delay;
        var attempts = endedWell ? 0 : work.Attempts;
        var traceParent = endedWell ? null : work.TraceParent;
        Demand(await Held(db, work).ExecuteUpdateAsync(
            set => set
                .SetProperty(one => one.DueAt, due)
                .SetProperty(one => one.LeasedUntil, (DateTimeOffset?)null)
                .SetProperty(one => one.Attempts, attempts)
                .SetProperty(one => one.TraceParent, traceParent),
            cancellationToken));
    }

    private static IQueryable<WorkItem> Held(PortalDbContext db, ClaimedWork work) =>
        db.WorkItems.Where(one => one.OrganisationId == work.Organisation && one.Id == work.Id && one.Token == work.Token);

    private static void Demand(int rows)
    {
        if (rows != 1)
        {
            throw new LeaseLostException();
        }
    }
}
