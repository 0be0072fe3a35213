using Microsoft.EntityFrameworkCore;
using Portal.Application.Work;

namespace Portal.Application.Trust;

/// <summary>Lists that somebody needed lately are fetched anew before they go stale, so that nobody waits for one; what nobody needs is forgotten.</summary>
internal sealed class FetchedRenewal(PortalDatabase database, Gathering gathering, TimeProvider clock) : IWorkHandler
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(4);
    private static readonly TimeSpan Needed = TimeSpan.FromDays(30);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(90);
    private const int MostAtOnce = 20;

    public static TimeSpan Interval { get; } = TimeSpan.FromHours(1);

    public WorkKind Kind => WorkKind.RenewFetched;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (tried, asked, forgotten) = (now - Age, now - Needed, now - Forgotten);
        List<FetchedFile> due;
        await using (var db = await database.ReadAsync(work.Organisation, cancellationToken))
        {
            due = await db.FetchedFiles
                .Where(one => one.OrganisationId == work.Organisation && one.Kind == FetchedKind.RevocationList && one.AskedAt > asked && one.TriedAt < tried)
                .OrderBy(one => one.TriedAt)
                .Take(MostAtOnce)
                .ToListAsync(cancellationToken);
        }

        foreach (var file in due)
        {
            await gathering.RenewAsync(file, cancellationToken);
        }

        await using var write = await database.WriteAsync(work.Organisation, cancellationToken);
        await write.FetchedFiles.Where(one => one.OrganisationId == work.Organisation && one.AskedAt < forgotten && one.Address != FetchedFile.CameWithMessage).ExecuteDeleteAsync(cancellationToken);
        await WorkQueue.RescheduleAsync(write, work, due.Count == MostAtOnce ? TimeSpan.Zero : Interval, endedWell: true, cancellationToken);
        await write.CommitAsync(cancellationToken);
    }
}
