using Microsoft.EntityFrameworkCore;
using Portal.Application.Telemetry;

namespace Portal.Application.Work;

/// <summary>Thrown when a lease ran out and another node took over: whatever this one did must not be saved.</summary>
internal sealed class LeaseLostException() : Exception("Another node has taken this work over.");

/// <summary>Puts work on the list, and ends it under the token that it was claimed with.</summary>
internal static class WorkQueue
{
    public static void Enqueue(PortalDbContext db, OrganisationId organisation, WorkKind kind, Guid subject, DateTimeOffset dueAt)
    {
        db.WorkItems.Add(new WorkItem(organisation, kind, subject, dueAt, Spans.TraceParent));
        db.AnnounceWork();
    }

    /// <summary>Unless it is there already. Of two transactions at once both put it there: the caller holds a row that keeps the other one away.</summary>
    public static async Task EnqueueOnceAsync(PortalDbContext db, OrganisationId organisation, WorkKind kind, Guid subject, CancellationToken cancellationToken)
    {
        if (!await Of(db, organisation, kind, subject).AnyAsync(cancellationToken))
        {
            Enqueue(db, organisation, kind, subject, await db.NowAsync(cancellationToken));
        }
    }

    /// <summary>In the transaction that saves the work's result.</summary>
    /// <exception cref="LeaseLostException">The token is no longer the newest.</exception>
    public static async Task CompleteAsync(PortalDbContext db, ClaimedWork work, CancellationToken cancellationToken) =>
        Demand(await Held(db, work).ExecuteDeleteAsync(cancellationToken));

    /// <summary>In a transaction that saves a part of the result: nobody takes the work over before it ends.</summary>
    /// <exception cref="LeaseLostException">The token is no longer the newest.</exception>
    public static async Task ConfirmAsync(PortalDbContext db, ClaimedWork work, CancellationToken cancellationToken) =>
        Demand(await Held(db, work).ExecuteUpdateAsync(set => set.SetProperty(one => one.Token, work.Token), cancellationToken));

    /// <summary>For work that goes on and on.</summary>
    /// <exception cref="LeaseLostException">The token is no longer the newest.</exception>
    public static async Task RenewAsync(PortalDbContext db, ClaimedWork work, TimeSpan lease, CancellationToken cancellationToken)
    {
        var until = await db.NowAsync(cancellationToken) + lease;
        Demand(await Held(db, work).ExecuteUpdateAsync(set => set.SetProperty(one => one.LeasedUntil, until), cancellationToken));
    }

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

    /// <summary>What nobody needs to do any more; whoever holds it already finds its lease lost.</summary>
    public static Task WithdrawAsync(PortalDbContext db, OrganisationId organisation, WorkKind kind, Guid subject, CancellationToken cancellationToken) =>
        Of(db, organisation, kind, subject).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Keeps workers away from an item until the transaction ends, and makes worthless what any of them claimed before.</summary>
    /// <returns>False when a worker has it now; true too when there is no such item.</returns>
    public static async Task<bool> TakeOverAsync(PortalDbContext db, OrganisationId organisation, WorkKind kind, Guid subject, CancellationToken cancellationToken)
    {
        var now = await db.NowAsync(cancellationToken);
        var taken = await Of(db, organisation, kind, subject)
            .Where(one => one.LeasedUntil == null || one.LeasedUntil <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.Token, one => one.Token + 1), cancellationToken);
        return taken == 1 || !await Of(db, organisation, kind, subject).AnyAsync(cancellationToken);
    }

    /// <summary>What recurs is due at once.</summary>
    /// <returns>False when somebody is at it now, and may have begun too early to see what there is; or when there is no such item.</returns>
    public static async Task<bool> HastenAsync(PortalDbContext db, OrganisationId organisation, WorkKind kind, Guid subject, CancellationToken cancellationToken)
    {
        var now = await db.NowAsync(cancellationToken);
        db.AnnounceWork();
        return await Of(db, organisation, kind, subject)
            .Where(one => one.LeasedUntil == null || one.LeasedUntil <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, one => one.DueAt < now ? one.DueAt : now), cancellationToken) == 1;
    }

    /// <summary>Somebody has it now.</summary>
    public static async Task<bool> IsLeasedAsync(PortalDbContext db, OrganisationId organisation, WorkKind kind, Guid subject, CancellationToken cancellationToken)
    {
        var now = await db.NowAsync(cancellationToken);
        return await Of(db, organisation, kind, subject).AnyAsync(one => one.LeasedUntil > now, cancellationToken);
    }

    /// <summary>Due at once; put on the list when it is not there.</summary>
    public static async Task DueNowAsync(PortalDbContext db, OrganisationId organisation, WorkKind kind, Guid subject, CancellationToken cancellationToken)
    {
        var now = await db.NowAsync(cancellationToken);
        db.AnnounceWork();
        var found = await Of(db, organisation, kind, subject).ExecuteUpdateAsync(
            set => set.SetProperty(one => one.DueAt, now).SetProperty(one => one.LeasedUntil, (DateTimeOffset?)null), cancellationToken);
        if (found == 0)
        {
            Enqueue(db, organisation, kind, subject, now);
        }
    }

    private static IQueryable<WorkItem> Of(PortalDbContext db, OrganisationId organisation, WorkKind kind, Guid subject) =>
        db.WorkItems.Where(one => one.OrganisationId == organisation && one.Kind == kind && one.Subject == subject);

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
