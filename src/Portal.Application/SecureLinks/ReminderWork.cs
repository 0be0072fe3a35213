using Microsoft.EntityFrameworkCore;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>Reminds whoever has not opened a message after as many days as the organisation says: once for each message.</summary>
internal sealed class ReminderWork(PortalDatabase database, Reminding reminding, TimeProvider clock) : IWorkHandler
{
    private const int LinksAtOnce = 50;
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    public WorkKind Kind => WorkKind.RemindReaders;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var waiting = await WaitingAsync(work, cancellationToken);
        var isAway = false;
        try
        {
            foreach (var link in waiting)
            {
                await reminding.RemindAsync(new Actor.Portal(work.Organisation, "secure-links"), link, cancellationToken);
            }
        }
        catch (KeyStoreException)
        {
            isAway = true;
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await (isAway || waiting.Count == LinksAtOnce
            ? WorkQueue.RescheduleAsync(db, work, isAway ? Retry : TimeSpan.Zero, endedWell: !isAway, cancellationToken)
            : WorkQueue.CompleteAsync(db, work, cancellationToken));
        await db.CommitAsync(cancellationToken);
    }

    /// <returns>Who can be reminded; whoever was is told again half a day later at the earliest, and so is not among them any more.</returns>
    private async Task<List<SecureLinkId>> WaitingAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var latest = now - LinkControl.ReminderGap;
        await using var db = await database.ReadAsync(work.Organisation, cancellationToken);
        return await db.SecureLinks
            .Where(one => one.OrganisationId == work.Organisation && one.MessageId == new SecureMessageId(work.Subject)
                && one.FirstOpenedAt == null && one.WrappedKey != null && one.NoticedAt <= latest)
            .Where(one => db.SecureMessages.Any(message => message.Id == one.MessageId && message.RecalledAt == null && message.ExpiresAt > now))
            .OrderBy(one => one.Id)
            .Select(one => one.Id)
            .Take(LinksAtOnce)
            .ToListAsync(cancellationToken);
    }
}
