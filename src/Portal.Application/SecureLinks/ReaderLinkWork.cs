using Microsoft.EntityFrameworkCore;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>Mails a reader who asked for it the link to their newest message that can be read. Its subject is nobody's where the address was unknown.</summary>
internal sealed class ReaderLinkWork(PortalDatabase database, Reminding reminding, TimeProvider clock) : IWorkHandler
{
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    public WorkKind Kind => WorkKind.MailReaderLink;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var isAway = false;
        try
        {
            if (await NewestAsync(work, cancellationToken) is { } link)
            {
                await reminding.SendAgainAsync(new Actor.Portal(work.Organisation, "secure-links"), link, cancellationToken);
            }
        }
        catch (KeyStoreException)
        {
            isAway = true;
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await (isAway ? WorkQueue.RescheduleAsync(db, work, Retry, endedWell: false, cancellationToken) : WorkQueue.CompleteAsync(db, work, cancellationToken));
        await db.CommitAsync(cancellationToken);
    }

    private async Task<SecureLinkId?> NewestAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.ReadAsync(work.Organisation, cancellationToken);
        var found = await db.SecureLinks
            .Where(one => one.OrganisationId == work.Organisation && one.ReaderId == new ReaderId(work.Subject) && one.WrappedKey != null && one.NoticedAt != null)
            .Where(one => db.SecureMessages.Any(message => message.Id == one.MessageId && message.RecalledAt == null && message.ExpiresAt > now))
            .OrderByDescending(one => one.ReadyAt)
            .Select(one => one.Id)
            .Take(1)
            .ToListAsync(cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }
}
