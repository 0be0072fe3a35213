using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Smime.Cms;
using Portal.Smime.Mime;

namespace Portal.Application.Protection;

/// <summary>What becomes of the content, which decides how its header is protected (RFC 9788).</summary>
internal enum ContentForm
{
    ToBeEncrypted,
    SignedOnly,

    /// <summary>Neither signed nor encrypted.</summary>
    AsWritten,
}

/// <param name="Entity">From Content-Type on.</param>
/// <param name="Outside">The header that goes around it.</param>
internal sealed record MessageContent(Stream Entity, IReadOnlyList<HeaderField> Outside);

/// <summary>Signs a message once for each form that it goes out in: once, for almost every message.</summary>
internal sealed class MessageSigning(PersonCertificates certificates, KeyBroker.KeyBroker broker, Action<int>? passed) : IAsyncDisposable
{
    private readonly Dictionary<ContentForm, MessageContent> _signed = [];
    private readonly List<AuditEvent> _keyUses = [];

    public IReadOnlyCollection<AuditEvent> KeyUses => _keyUses;

    /// <summary>Null as long as it has not signed.</summary>
    public ManagedKeyId? SigningKey { get; private set; }

    /// <summary>Why nothing was signed.</summary>
    public ProtectionOutcome Refusal { get; private set; } = new ProtectionOutcome.NotPermitted();

    /// <summary>What was signed for the best protection of all.</summary>
    public MessageContent Best => _signed.MinBy(one => one.Key).Value;

    /// <returns>Null when the sender has no pair to sign with, or may not use it.</returns>
    public async Task<MessageContent?> SignAsync(Actor.Person actor, OutgoingMessage message, ContentForm form, CancellationToken cancellationToken)
    {
        if (_signed.TryGetValue(form, out var known))
        {
            return known;
        }

        var outside = form == ContentForm.ToBeEncrypted ? HeaderConfidentiality.Baseline(message.Fields) : message.Fields;
        if (form == ContentForm.AsWritten)
        {
            return _signed[form] = new MessageContent(message.Entity, outside);
        }

        if (await certificates.FindAsync(actor.Organisation, actor.Account, cancellationToken) is not { } pair)
        {
            Refusal = new ProtectionOutcome.NoCertificate();
            return null;
        }

        var grant = await broker.GrantAsync(actor, pair.SigningKey, KeyTask.SignMessage, cancellationToken);
        if (grant is not KeyGrant.Granted granted)
        {
            Refusal = grant is KeyGrant.Disabled ? new ProtectionOutcome.KeyDisabled() : new ProtectionOutcome.NotPermitted();
            return null;
        }

        var signer = new Signer(pair.Signing, pair.Chain, granted.Key, pair.Scheme) { EncryptionCertificate = pair.Encryption };
        var content = new Spool(passed: passed);
        _signed[form] = new MessageContent(content, outside);
        await using var entity = await ProtectedEntity.OpenAsync(
            message.Entity, message.Fields, form == ContentForm.ToBeEncrypted ? outside : null, cancellationToken);
        await SignedEntity.WriteAsync(entity, [signer], SignedForm.Detached, new SigningProperties(message.Date), content, cancellationToken);
        await content.CompleteAsync(cancellationToken);
        _keyUses.AddRange(granted.Key.Outcomes);
        SigningKey = pair.SigningKey;
        return _signed[form];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var content in _signed.Values.Select(one => one.Entity).OfType<Spool>())
        {
            await content.DisposeAsync();
        }
    }
}
