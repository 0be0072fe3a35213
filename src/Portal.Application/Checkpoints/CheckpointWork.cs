using Microsoft.Extensions.Options;
using Portal.Application.Work;

namespace Portal.Application.Checkpoints;

/// <summary>Writes checkpoints regularly; a second place that is away is tried again, ever more rarely, and nothing waits for it.</summary>
internal sealed class CheckpointWork(PortalDatabase database, AuditCheckpoints checkpoints, IOptions<CheckpointOptions> options) : IWorkHandler
{
    /// <summary>A chain in which nothing happens is still said to be there once a day.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    public WorkKind Kind => WorkKind.WriteCheckpoint;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var failed = !await checkpoints.IsFreshAsync(work.Organisation, Longest, cancellationToken)
            && await checkpoints.WriteAsync(work.Organisation, cancellationToken) is CheckpointOutcome.Failed;
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.RescheduleAsync(db, work, failed ? Doubling.Wait(work.Attempts, FirstRetry, LongestRetry) : options.Value.CheckpointInterval, !failed, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
