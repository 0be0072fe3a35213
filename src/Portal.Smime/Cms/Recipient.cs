namespace Portal.Smime.Cms;

/// <summary>RFC 5652 §6.2: the alternatives of RecipientInfo.</summary>
public enum RecipientKind
{
    KeyTransport,
    KeyAgreement,
    KeyEncryptionKey,
    Password,
    Other,
}

/// <param name="Kind">The alternative of RecipientInfo.</param>
/// <param name="Identifier">Whom it names.</param>
/// <param name="Algorithm">Object identifier of the key-encryption algorithm, of an OtherRecipientInfo its type; empty where the kind keeps it elsewhere.</param>
public sealed record Recipient(RecipientKind Kind, RecipientIdentifier Identifier, string Algorithm)
{
    /// <summary>Name of the certificate's issuer, DER as it came; null when the certificate is named by its key.</summary>
    public ReadOnlyMemory<byte>? Issuer { get; init; }

    /// <summary>Whoever breaks an RSA key of less than 2048 bits reads along: what is encrypted by one is as long as its modulus.</summary>
    public bool IsWeak { get; init; }
}
