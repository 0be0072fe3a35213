using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Outbox;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>Tells a reader by mail that somebody handed a certificate in for them: whoever else is in their mailbox could have.</summary>
internal sealed class CertificateNotices(PortalDatabase database, DataKeys keys, Notices notices, LinkNotices words)
{
    /// <summary>Outside any transaction; from the mailbox of whoever wrote to them last, who can be asked.</summary>
    /// <exception cref="KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<PreparedNotice> PrepareAsync(Actor.Reader actor, X509Certificate2 certificate, bool waits, CancellationToken cancellationToken)
    {
        using var key = await keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        var brand = await words.BrandOfAsync(actor.Organisation, cancellationToken);
        await using var db = await database.ReadAsync(actor.Organisation, cancellationToken);
        var newest = await db.SecureLinks
            .Where(one => one.OrganisationId == actor.Organisation && one.ReaderId == actor.Id && one.ReadyAt != null)
            .Join(db.SecureMessages, one => one.MessageId, message => message.Id, (link, message) => new { link.ReadyAt, message })
            .OrderBy(one => one.message.AuthorId != null)
            .ThenByDescending(one => one.ReadyAt)
            .Select(one => one.message)
            .FirstAsync(cancellationToken);
        var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
        var mailbox = await db.Mailboxes.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == newest.MailboxId, cancellationToken);
        return await words.OfCertificateAsync(mailbox, brand, newest.Sender(key), reader, key, certificate, waits, cancellationToken);
    }

    /// <summary>In the transaction that makes it true.</summary>
    public Task EnqueueAsync(PortalDbContext db, PreparedNotice notice, CancellationToken cancellationToken) => notices.EnqueueAsync(db, notice, cancellationToken);
}
