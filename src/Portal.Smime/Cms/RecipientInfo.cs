using Portal.Smime.Keys;

namespace Portal.Smime.Cms;

/// <summary>RFC 5652 §6.2, parsed: how one recipient gets at the content-encryption key.</summary>
/// <param name="Recipient">Whom it names.</param>
internal abstract record RecipientInfo(Recipient Recipient)
{
    /// <summary>RFC 5652 §6.2.1.</summary>
    public sealed record KeyTransport(Recipient Recipient, KeyTransportScheme Scheme, ReadOnlyMemory<byte> EncryptedKey)
        : RecipientInfo(Recipient);

    /// <summary>RFC 5652 §6.2.2 with an ephemeral originator key (RFC 5753 §3.1.1, RFC 8418 §3).</summary>
    /// <param name="Recipient">One of those named.</param>
    /// <param name="Scheme">Of the derivation.</param>
    /// <param name="Wrap">Of the content-encryption key.</param>
    /// <param name="Originator">SubjectPublicKeyInfo, DER.</param>
    /// <param name="UserKeyingMaterial">Null when absent.</param>
    /// <param name="EncryptedKey">Wrapped.</param>
    public sealed record KeyAgreement(
        Recipient Recipient,
        KeyAgreementScheme Scheme,
        KeyWrapAlgorithm Wrap,
        ReadOnlyMemory<byte> Originator,
        ReadOnlyMemory<byte>? UserKeyingMaterial,
        ReadOnlyMemory<byte> EncryptedKey)
        : RecipientInfo(Recipient);

    /// <summary>RFC 5652 §6.2.5: of a type that is kept for whoever knows it; the recipient's algorithm is its name.</summary>
    /// <param name="Recipient">Nobody that could be named.</param>
    /// <param name="Value">One element, as it came.</param>
    public sealed record Other(Recipient Recipient, ReadOnlyMemory<byte> Value) : RecipientInfo(Recipient);

    /// <summary>Kept by name only: an algorithm or a kind that we do not unwrap.</summary>
    public sealed record Unsupported(Recipient Recipient) : RecipientInfo(Recipient);
}
