using Portal.Application.Transport;
using Portal.Application.Work;

namespace Portal.Application.Inbox;

/// <summary>Whoever claims an account's watch keeps it, as long as it renews the lease; where there is no room, another node may claim it.</summary>
internal sealed class WatchWork(PortalDatabase database, MailAccountStore accounts, MailWatching watching) : IWorkHandler
{
    private static readonly TimeSpan FullFor = TimeSpan.FromMinutes(5);

    public WorkKind Kind => WorkKind.WatchMail;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var account = await accounts.FindAsync(work.Organisation, new MailAccountId(work.Subject), cancellationToken);
        if (account is not null && await watching.TryBeginAsync(work, account))
        {
            return;
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await (account is null
            ? WorkQueue.CompleteAsync(db, work, cancellationToken)
            : WorkQueue.RescheduleAsync(db, work, FullFor, endedWell: true, cancellationToken));
        await db.CommitAsync(cancellationToken);
    }
}
