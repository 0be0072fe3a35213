using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Protection;

public enum RecipientField
{
    To,
    Cc,
    Bcc,
}

/// <summary>What will happen to a message on its way to one recipient.</summary>
public enum RecipientHandling
{
    /// <summary>AES-256-GCM in AuthEnvelopedData, for software that is known to read it.</summary>
    Encrypted,

    /// <summary>AES-256-CBC in EnvelopedData, because the recipient's software is unknown.</summary>
    EncryptedCompatible,

    /// <summary>Signed, and readable by everybody on its way.</summary>
    SignedOnly,

    NoCertificate,

    CertificateUnusable,

    /// <summary>No mail address.</summary>
    Malformed,

    /// <summary>Neither signed nor encrypted, as its sender asked.</summary>
    NotProtected,
}

/// <param name="Address">Whom to.</param>
/// <param name="Field">Where the sender put it.</param>
/// <param name="Handling">What will happen.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="Inside">A mailbox of this portal.</param>
/// <param name="Certificate">Of whoever is encrypted for.</param>
internal sealed record PlannedRecipient(
    AddrSpec Address, RecipientField Field, RecipientHandling Handling, string? Detail, bool Inside, RecipientCertificate? Certificate)
{
    public bool IsEncrypted => Handling is RecipientHandling.Encrypted or RecipientHandling.EncryptedCompatible;

    public bool CannotBeEncrypted => Handling is RecipientHandling.NoCertificate or RecipientHandling.CertificateUnusable;
}
