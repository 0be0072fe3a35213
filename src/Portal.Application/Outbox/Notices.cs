using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Domains;
using Portal.Application.Mailboxes;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.Outbox;

/// <param name="Through">The mailbox whose keys seal it and whose mail server takes it.</param>
/// <param name="To">Whom it goes to.</param>
/// <param name="Content">The final bytes.</param>
/// <param name="KeyUses">To be on record with the sending.</param>
internal sealed record PreparedNotice(Mailbox Through, AddrSpec To, StoredBlob Content, IReadOnlyCollection<AuditEvent> KeyUses);

/// <summary>Mail that the portal itself writes: invitations, links for a new password. Sent with a null return path, by the outbox like all mail.</summary>
internal sealed class Notices(PortalDatabase database, DataKeys keys, SealedBlobs blobs, NoticeSigning signing, OutgoingSignatures signatures, TimeProvider clock)
{
    /// <summary>Outside any transaction.</summary>
    public async Task<PreparedNotice> PrepareAsync(
        OrganisationId organisation, AccountId through, AddrSpec to, string subject, string text, CancellationToken cancellationToken)
    {
        Mailbox mailbox;
        string name;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            mailbox = await db.Mailboxes
                .Where(one => one.OrganisationId == organisation && one.OwnerId == through)
                .OrderBy(one => one.NormalisedAddress)
                .FirstAsync(cancellationToken);
            name = await db.Organisations.Where(one => one.Id == organisation).Select(one => one.Name).SingleAsync(cancellationToken);
        }

        return await PrepareAsync(mailbox, name, to, subject, text, cancellationToken);
    }

    /// <summary>Outside any transaction.</summary>
    public async Task<PreparedNotice> PrepareAsync(Mailbox mailbox, string from, AddrSpec to, string subject, string text, CancellationToken cancellationToken)
    {
        using var message = Write(mailbox.Address, from, to, subject, text);
        var written = await signing.WriteAsync(mailbox.OrganisationId, message, cancellationToken);
        await using var notice = written.Message;
        var named = await signatures.SignAsync(mailbox.OrganisationId, mailbox.Address, notice, cancellationToken);
        await using var _ = named?.Message;
        notice.Position = 0;
        var content = await blobs.WriteAsync(mailbox.OrganisationId, mailbox.Id, named?.Message ?? notice, long.MaxValue, cancellationToken);
        return new PreparedNotice(mailbox, to, content, [.. written.KeyUses, .. named?.KeyUses ?? []]);
    }

    /// <summary>In the transaction that makes the notice true.</summary>
    public async Task<OutboxMessageId> EnqueueAsync(PortalDbContext db, PreparedNotice notice, CancellationToken cancellationToken)
    {
        var (mailbox, now) = (notice.Through, clock.GetUtcNow());
        using var key = await keys.OfMailboxAsync(mailbox.OrganisationId, mailbox.Id, cancellationToken);
        var outgoing = new OutboxMessage(mailbox.OrganisationId, mailbox.Id, null, notice.Content.Id, notice.Content.Sha256, notice: true, now);
        db.OutboxMessages.Add(outgoing);
        db.Record(notice.KeyUses);
        db.Deliveries.Add(Deliveries.To(notice.To.ToString(), outgoing, key, now));
        WorkQueue.Enqueue(db, mailbox.OrganisationId, WorkKind.Dispatch, outgoing.Id.Value, await db.NowAsync(cancellationToken));
        return outgoing.Id;
    }

    private MimeMessage Write(string address, string organisation, AddrSpec to, string subject, string text)
    {
        var domain = address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var message = new MimeMessage { Subject = subject, Date = clock.GetUtcNow(), MessageId = $"{Guid.NewGuid():N}@{domain}" };
        message.From.Add(new MailboxAddress(organisation, NoticePairs.AddressIn(domain)));
        message.To.Add(new MailboxAddress(null, to.ToString()));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = text.ReplaceLineEndings("\r\n"), ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        message.Body.Headers.Add(HeaderId.ContentLanguage, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);
        return message;
    }
}
