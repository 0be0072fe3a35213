using Microsoft.Extensions.Options;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Telemetry;
using Portal.Application.Work;

namespace Portal.Application.Sweeping;

/// <summary>Removes of one organisation what nothing refers to, and what nobody needs any more: in small transactions, so that nobody waits for it.</summary>
internal sealed class SweepWork(
    PortalDatabase database,
    IOptions<SweepOptions> options,
    IOptions<LiveSessionOptions> sessions,
    IOptions<WorkOptions> work,
    Figures figures,
    TimeProvider clock) : IWorkHandler
{
    public WorkKind Kind => WorkKind.Sweep;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var sweep = new Sweep(work, clock.GetUtcNow(), clock.GetTimestamp());
        var (now, kept) = (sweep.Now, options.Value);
        await RepeatAsync(sweep, "sessions", db => Removals.SessionsAsync(db, work.Organisation, sessions.Value, now - kept.KeepSessions, cancellationToken), cancellationToken);
        await RepeatAsync(sweep, "links", db => Removals.LinksAsync(db, work.Organisation, now - kept.KeepLinks, cancellationToken), cancellationToken);
        await RepeatAsync(sweep, "sentContents", db => Removals.SentContentAsync(db, work.Organisation, now - kept.KeepSentContent, cancellationToken), cancellationToken);
        await RepeatAsync(sweep, "expiredMessages", db => ReaderRemovals.MessagesAsync(db, work.Organisation, now - kept.KeepExpiredMessages, cancellationToken), cancellationToken);
        await RepeatAsync(sweep, "largeFiles", db => Removals.LargeFilesAsync(db, work.Organisation, now - kept.KeepExpiredMessages, cancellationToken), cancellationToken);
        await RepeatAsync(sweep, "unfinishedFiles", db => Removals.UnfinishedFilesAsync(db, work.Organisation, now - kept.KeepUnfinishedFiles, cancellationToken), cancellationToken);
        await RepeatAsync(sweep, "readerDrafts", db => ReaderRemovals.DraftsAsync(db, work.Organisation, now - kept.KeepReaderDrafts, cancellationToken), cancellationToken);
        await RepeatAsync(sweep, "readerSessions", db => ReaderRemovals.SessionsAsync(db, work.Organisation, now - kept.KeepSessions, cancellationToken), cancellationToken);
        await RepeatAsync(sweep, "readerDevices", db => ReaderRemovals.DevicesAsync(db, work.Organisation, now, cancellationToken), cancellationToken);
        await BlobsAsync(sweep, now - kept.Grace, cancellationToken);
        await EndAsync(sweep, cancellationToken);
    }

    private sealed record Sweep(ClaimedWork Work, DateTimeOffset Now, long Began)
    {
        public SortedDictionary<string, int> Removed { get; } = new(StringComparer.Ordinal);
    }

    // What is left over when half the lease is gone is there tomorrow too.
    private bool HasTime(Sweep sweep) => clock.GetElapsedTime(sweep.Began) < work.Value.Lease * 0.5;

    private async Task RepeatAsync(Sweep sweep, string what, Func<PortalDbContext, Task<int>> removal, CancellationToken cancellationToken)
    {
        int removed;
        do
        {
            await using var db = await database.WriteAsync(sweep.Work.Organisation, cancellationToken);
            removed = await removal(db);
            await db.CommitAsync(cancellationToken);
            Count(sweep, what, removed);
        }
        while (removed == Removals.Batch && HasTime(sweep));
    }

    private async Task BlobsAsync(Sweep sweep, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        BlobPlace? next = new BlobPlace(latest, new BlobId(Guid.Empty));
        while (next is { } place && HasTime(sweep))
        {
            await using var db = await database.WriteAsync(sweep.Work.Organisation, cancellationToken);
            (var removed, next) = await Removals.BlobsAsync(db, sweep.Work.Organisation, place, cancellationToken);
            await db.CommitAsync(cancellationToken);
            Count(sweep, "blobs", removed);
        }
    }

    private void Count(Sweep sweep, string what, int removed)
    {
        if (removed > 0)
        {
            sweep.Removed[what] = sweep.Removed.GetValueOrDefault(what) + removed;
            figures.Swept(what, removed);
        }
    }

    private async Task EndAsync(Sweep sweep, CancellationToken cancellationToken)
    {
        var organisation = sweep.Work.Organisation;
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        await WorkQueue.RescheduleAsync(db, sweep.Work, options.Value.Interval, endedWell: true, cancellationToken);
        if (sweep.Removed.Count > 0)
        {
            var detail = sweep.Removed.ToDictionary(one => one.Key, one => $"{one.Value}");
            db.Record(new AuditEvent(new Actor.Portal(organisation, "sweeping"), AuditAction.Swept, organisation.Value, detail));
        }

        await db.CommitAsync(cancellationToken);
    }
}
