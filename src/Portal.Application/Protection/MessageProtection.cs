using System.Text;
using MimeKit;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Domains;
using Portal.Application.KeyBroker;
using Portal.Application.Telemetry;
using Portal.Smime.Cms;
using Portal.Smime.Mime;

namespace Portal.Application.Protection;

/// <param name="Header">From, To, Cc, Subject, Date, Message-ID and so on; no Bcc, no Content fields.</param>
/// <param name="From">The address in the header's From.</param>
/// <param name="Bcc">Kept in the sender's own copy only.</param>
/// <param name="Entity">The content: a MIME entity, 7bit, CRLF, seekable.</param>
/// <param name="Date">As in the header.</param>
internal sealed record OutgoingMessage(HeaderList Header, string From, string? Bcc, Stream Entity, DateTimeOffset Date);

/// <param name="Content">The final bytes.</param>
/// <param name="Recipients">Who gets exactly these.</param>
internal sealed record MessageEnvelope(StoredBlob Content, IReadOnlyList<PlannedRecipient> Recipients);

internal abstract record ProtectionOutcome
{
    /// <param name="Envelopes">What goes out.</param>
    /// <param name="SentCopy">What the sender keeps: signed as it was sent, sealed at rest.</param>
    /// <param name="KeyUses">To be on record with the sending.</param>
    public sealed record Ready(IReadOnlyList<MessageEnvelope> Envelopes, StoredBlob SentCopy, IReadOnlyCollection<AuditEvent> KeyUses) : ProtectionOutcome;

    /// <summary>The sender has no pair to sign with, or may not use it.</summary>
    public sealed record NotPermitted : ProtectionOutcome;
}

/// <summary>Signs once, encrypts for each group of recipients, and stores the final bytes.</summary>
internal sealed class MessageProtection(PersonCertificates certificates, KeyBroker.KeyBroker broker, OutgoingSignatures signatures, SealedBlobs blobs)
{
    /// <param name="actor">The sender.</param>
    /// <param name="mailbox">Whose blobs these will be.</param>
    /// <param name="message">What to send.</param>
    /// <param name="recipients">At least one; none that cannot be sent to.</param>
    /// <param name="passed">Told of bytes that went from one stage to the next.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Smime.Keys.KeyStoreException">The sender's key does not answer.</exception>
    public async Task<ProtectionOutcome> ProtectAsync(
        Actor.Person actor,
        MailboxId mailbox,
        OutgoingMessage message,
        IReadOnlyList<PlannedRecipient> recipients,
        Action<int>? passed,
        CancellationToken cancellationToken)
    {
        using var span = Spans.Start("portal.protect", actor.Organisation)?.SetTag("portal.recipients", recipients.Count);
        if (await SignAsync(actor, message, recipients, passed, cancellationToken) is not var (content, keyUses))
        {
            return new ProtectionOutcome.NotPermitted();
        }

        await using var _ = content;

        var envelopes = new List<MessageEnvelope>();
        foreach (var group in Groups(recipients))
        {
            content.Position = 0;
            await using var final = await SealAsync(message, content, group, passed, cancellationToken);

            // Only outside somebody looks for the domain's signature.
            var signed = group.Exists(one => !one.Inside) ? await signatures.SignAsync(actor.Organisation, message.From, final, cancellationToken) : null;
            await using var __ = signed?.Message;
            keyUses = [.. keyUses, .. signed?.KeyUses ?? []];
            final.Position = 0;
            envelopes.Add(new MessageEnvelope(
                await blobs.WriteAsync(actor.Organisation, mailbox, signed?.Message ?? final, long.MaxValue, cancellationToken), group));
        }

        span?.SetTag("portal.envelopes", envelopes.Count);
        content.Position = 0;
        await using var copy = new Spool(passed: passed);
        await WriteHeaderAsync(message, withBcc: true, copy, cancellationToken);
        await content.CopyToAsync(copy, cancellationToken);
        await copy.CompleteAsync(cancellationToken);
        return new ProtectionOutcome.Ready(envelopes, await blobs.WriteAsync(actor.Organisation, mailbox, copy, long.MaxValue, cancellationToken), keyUses);
    }

    /// <returns>What is encrypted or sent: from Content-Type on; null when the sender may not sign.</returns>
    private async Task<(Spool Content, IReadOnlyCollection<AuditEvent> KeyUses)?> SignAsync(
        Actor.Person actor, OutgoingMessage message, IReadOnlyList<PlannedRecipient> recipients, Action<int>? passed, CancellationToken cancellationToken)
    {
        var content = new Spool(passed: passed);
        message.Entity.Position = 0;
        if (recipients.All(one => one.Handling == RecipientHandling.NotProtected))
        {
            await message.Entity.CopyToAsync(content, cancellationToken);
            await content.CompleteAsync(cancellationToken);
            return (content, []);
        }

        if (await certificates.FindAsync(actor.Organisation, actor.Account, cancellationToken) is not { } pair
            || await broker.GrantAsync(actor, pair.SigningKey, KeyPurpose.SignMessage, cancellationToken) is not KeyGrant.Granted granted)
        {
            await content.DisposeAsync();
            return null;
        }

        var signer = new Signer(pair.Signing, [], granted.Key, pair.Scheme) { EncryptionCertificate = pair.Encryption };
        await SignedEntity.WriteAsync(
            message.Entity, [signer], SignedForm.Detached, new SigningProperties(message.Date), content, cancellationToken);
        await content.CompleteAsync(cancellationToken);
        return (content, granted.Key.Outcomes);
    }

    // Whoever may know of each other shares an envelope; each Bcc has its own, with its own key.
    public static IEnumerable<List<PlannedRecipient>> Groups(IReadOnlyList<PlannedRecipient> recipients) => recipients
        .Where(one => one.Field != RecipientField.Bcc)
        .GroupBy(one => one.Handling)
        .Select(group => group.ToList())
        .Concat(recipients.Where(one => one.Field == RecipientField.Bcc).Select(one => new List<PlannedRecipient> { one }));

    private static async Task<Spool> SealAsync(
        OutgoingMessage message, Spool content, List<PlannedRecipient> group, Action<int>? passed, CancellationToken cancellationToken)
    {
        var final = new Spool(passed: passed);
        await WriteHeaderAsync(message, withBcc: false, final, cancellationToken);
        if (group[0].IsEncrypted)
        {
            var cipher = group[0].Handling == RecipientHandling.Encrypted ? ContentCipher.Aes256Gcm : ContentCipher.Aes256Cbc;
            await EncryptedEntity.WriteAsync(content, group.ConvertAll(one => one.Certificate!), cipher, final, cancellationToken);
        }
        else
        {
            await content.CopyToAsync(final, cancellationToken);
        }

        await final.CompleteAsync(cancellationToken);
        return final;
    }

    private static async Task WriteHeaderAsync(OutgoingMessage message, bool withBcc, Spool destination, CancellationToken cancellationToken)
    {
        IEnumerable<Header> header = withBcc && message.Bcc is { Length: > 0 } bcc ? [.. message.Header, new Header(HeaderId.Bcc, bcc)] : message.Header;
        foreach (var field in header)
        {
            // The raw value is folded and encoded already; it ends in this platform's line break.
            var line = $"{field.Field}:{Encoding.UTF8.GetString(field.RawValue)}".ReplaceLineEndings("\r\n");
            await destination.WriteAsync(Encoding.UTF8.GetBytes(line), cancellationToken);
        }
    }
}
