using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>Tells readers once more of what they have not opened.</summary>
internal sealed class Reminding(PortalDatabase database, DataKeys keys, Notices notices, LinkNotices words, TimeProvider clock)
{
    /// <param name="actor">A person reminds of their own messages only; the portal of all.</param>
    /// <param name="id">The link.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public Task<LinkChange> RemindAsync(Actor actor, SecureLinkId id, CancellationToken cancellationToken) =>
        SendAsync(actor, id, reminds: true, static (link, now) => link.MayBeReminded(now), cancellationToken);

    /// <summary>The reader has asked for it.</summary>
    /// <exception cref="KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public Task<LinkChange> SendAgainAsync(Actor actor, SecureLinkId id, CancellationToken cancellationToken) =>
        SendAsync(actor, id, reminds: false, static (link, now) => link.MayBeSentAgain(now), cancellationToken);

    private async Task<LinkChange> SendAsync(
        Actor actor, SecureLinkId id, bool reminds, Func<SecureLink, DateTimeOffset, bool> isDue, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        FoundLink? found;
        Mailbox? mailbox;
        await using (var read = await database.ReadAsync(actor.Organisation, cancellationToken))
        {
            found = await FoundLink.FindAsync(read, actor.Organisation, id, cancellationToken);
            mailbox = found is null ? null : await Mailboxes(read, actor).SingleOrDefaultAsync(one => one.Id == found.Message.MailboxId, cancellationToken);
        }

        if (found is null || mailbox is null)
        {
            return LinkChange.NotFound;
        }

        if (found.Message.RecalledAt is not null || now >= found.Message.ExpiresAt)
        {
            return found.Message.RecalledAt is null ? LinkChange.Expired : LinkChange.Recalled;
        }

        if (!isDue(found.Link, now))
        {
            return LinkChange.NotYet;
        }

        var brand = await words.BrandOfAsync(actor.Organisation, cancellationToken);
        using var key = await keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        var notice = await words.OfMessageAsync(mailbox, brand, found.Message, found.Reader, id, key, reminds, cancellationToken);
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        var link = await db.SecureLinks.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken);
        if (!isDue(link, now))
        {
            return LinkChange.NotYet;
        }

        link.Remind(await notices.EnqueueAsync(db, notice, cancellationToken), now);
        db.Record(new AuditEvent(actor, AuditAction.LinkReminded, id.Value));
        db.Announce(mailbox.Id);
        await db.CommitAsync(cancellationToken);
        return LinkChange.Done;
    }

    private static IQueryable<Mailbox> Mailboxes(PortalDbContext db, Actor actor) => actor is Actor.Person person
        ? db.Mailboxes.OwnedBy(person)
        : db.Mailboxes.Where(one => one.OrganisationId == actor.Organisation);
}
