using System.Text;
using MimeKit;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Domains;
using Portal.Application.Telemetry;
using Portal.Smime.Mime;

namespace Portal.Application.Protection;

/// <param name="Header">From, To, Cc, Subject, Date, Message-ID and so on; no Bcc, no Content fields.</param>
/// <param name="From">The address in the header's From.</param>
/// <param name="Bcc">Kept in the sender's own copy only.</param>
/// <param name="Entity">The content: a MIME entity, 7bit, CRLF, seekable.</param>
/// <param name="Date">As in the header.</param>
internal sealed record OutgoingMessage(HeaderList Header, string From, string? Bcc, Stream Entity, DateTimeOffset Date)
{
    public IReadOnlyList<HeaderField> Fields { get; } = Header.Select(Protection.Fields.Of).ToList();
}

/// <param name="Content">The final bytes.</param>
/// <param name="Recipients">Who gets exactly these.</param>
internal sealed record MessageEnvelope(StoredBlob Content, IReadOnlyList<PlannedRecipient> Recipients)
{
    /// <summary>They stay here, and their readers come.</summary>
    public bool RestsHere => Recipients[0].Handling == RecipientHandling.SecureLink;
}

internal abstract record ProtectionOutcome
{
    /// <param name="Envelopes">What goes out.</param>
    /// <param name="SentCopy">What the sender keeps: signed as it was sent, sealed at rest.</param>
    /// <param name="KeyUses">To be on record with the sending.</param>
    /// <param name="SigningKey">The sender's; null where nothing was signed.</param>
    public sealed record Ready(
        IReadOnlyList<MessageEnvelope> Envelopes, StoredBlob SentCopy, IReadOnlyCollection<AuditEvent> KeyUses, KeyBroker.ManagedKeyId? SigningKey) : ProtectionOutcome;

    /// <summary>The sender has no pair to sign with.</summary>
    public sealed record NoCertificate : ProtectionOutcome;

    /// <summary>The sender may not use it.</summary>
    public sealed record NotPermitted : ProtectionOutcome;

    /// <summary>Nobody may sign with the sender's key now.</summary>
    public sealed record KeyDisabled : ProtectionOutcome;
}

/// <summary>Signs, encrypts for each group of recipients, and stores the final bytes.</summary>
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
        await using var signing = new MessageSigning(certificates, broker, passed);
        var envelopes = new List<MessageEnvelope>();
        var keyUses = new List<AuditEvent>();
        foreach (var group in Groups(recipients))
        {
            if (await signing.SignAsync(actor, message, FormOf(group), cancellationToken) is not { } content)
            {
                return signing.Refusal;
            }

            await using var final = await SealAsync(content, group, passed, cancellationToken);

            // Only outside somebody looks for the domain's signature.
            var signed = group.Exists(one => !one.Inside && one.Handling != RecipientHandling.SecureLink) ? await signatures.SignAsync(actor.Organisation, message.From, final, cancellationToken) : null;
            await using var _ = signed?.Message;
            keyUses.AddRange(signed?.KeyUses ?? []);
            final.Position = 0;
            envelopes.Add(new MessageEnvelope(
                await blobs.WriteAsync(actor.Organisation, mailbox, signed?.Message ?? final, long.MaxValue, cancellationToken), group));
        }

        span?.SetTag("portal.envelopes", envelopes.Count);
        await using var copy = await CopyAsync(message, signing.Best, passed, cancellationToken);
        var sentCopy = await blobs.WriteAsync(actor.Organisation, mailbox, copy, long.MaxValue, cancellationToken);
        return new ProtectionOutcome.Ready(envelopes, sentCopy, [.. signing.KeyUses, .. keyUses], signing.SigningKey);
    }

    // Whoever may know of each other shares an envelope; each Bcc has its own, with its own key. What rests here names nobody whom it is opened for.
    public static IEnumerable<List<PlannedRecipient>> Groups(IReadOnlyList<PlannedRecipient> recipients) => recipients
        .Where(one => !StandsAlone(one))
        .GroupBy(one => (one.Handling, one.Algorithms?.Cipher))
        .Select(group => group.ToList())
        .Concat(recipients.Where(StandsAlone).Select(one => new List<PlannedRecipient> { one }));

    private static bool StandsAlone(PlannedRecipient recipient) => recipient is { Field: RecipientField.Bcc, Handling: not RecipientHandling.SecureLink };

    private static ContentForm FormOf(List<PlannedRecipient> group) =>
        group[0].IsEncrypted ? ContentForm.ToBeEncrypted : group[0].Handling == RecipientHandling.NotProtected ? ContentForm.AsWritten : ContentForm.SignedOnly;

    private static async Task<Spool> SealAsync(
        MessageContent content, List<PlannedRecipient> group, Action<int>? passed, CancellationToken cancellationToken)
    {
        var final = new Spool(passed: passed);
        await WriteHeaderAsync(content.Outside, final, cancellationToken);
        content.Entity.Position = 0;
        if (group[0].Algorithms is { } algorithms)
        {
            await EncryptedEntity.WriteAsync(
                content.Entity, group.ConvertAll(one => one.Certificate!), algorithms.Cipher, final, cancellationToken);
        }
        else
        {
            await content.Entity.CopyToAsync(final, cancellationToken);
        }

        await final.CompleteAsync(cancellationToken);
        return final;
    }

    /// <summary>What the sender keeps: signed, in the clear, with the header as it was written.</summary>
    private static async Task<Spool> CopyAsync(OutgoingMessage message, MessageContent content, Action<int>? passed, CancellationToken cancellationToken)
    {
        var copy = new Spool(passed: passed);
        IReadOnlyList<HeaderField> header = message.Bcc is { Length: > 0 } bcc ? [.. message.Fields, Fields.Of(new Header(HeaderId.Bcc, bcc))] : message.Fields;
        await WriteHeaderAsync(header, copy, cancellationToken);
        content.Entity.Position = 0;
        await content.Entity.CopyToAsync(copy, cancellationToken);
        await copy.CompleteAsync(cancellationToken);
        return copy;
    }

    private static ValueTask WriteHeaderAsync(IReadOnlyList<HeaderField> header, Spool destination, CancellationToken cancellationToken) =>
        destination.WriteAsync(Encoding.Latin1.GetBytes(string.Concat(header.Select(field => $"{field.Name}:{field.Value}\r\n"))), cancellationToken);
}
