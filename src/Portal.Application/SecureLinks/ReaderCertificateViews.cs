using Portal.Application.Trust;

namespace Portal.Application.SecureLinks;

/// <param name="Name">Of its holder.</param>
/// <param name="Issuer">Name of its authority.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="Fingerprint">SHA-256, hexadecimal.</param>
/// <param name="Suitability">Whether mail can be encrypted for it now.</param>
/// <param name="IsUsed">The next message is encrypted for this one.</param>
/// <param name="IsHandedIn">By a reader on their page; others have shown that they have its key, or are known by somebody else's word.</param>
public sealed record ReaderCertificateView(string Name, string Issuer, DateTimeOffset NotAfter, string Fingerprint, CertificateSuitability Suitability, bool IsUsed, bool IsHandedIn);

/// <param name="CountHere">The organisation encrypts for certificates of people outside; where it does not, they read by links whatever they have.</param>
/// <param name="Certificates">The one that is used, and what was handed in.</param>
public sealed record ReaderCertificatesView(bool CountHere, IReadOnlyList<ReaderCertificateView> Certificates);

/// <summary>What became of a certificate that a reader handed in.</summary>
public enum HandedInCertificate
{
    Kept,

    /// <summary>Kept, and used as soon as an administrator trusts its authority.</summary>
    Waiting,

    /// <summary>More than <see cref="ReaderCertificates.Largest"/>.</summary>
    TooLarge,

    /// <summary>Nothing of it is kept.</summary>
    PrivateKey,

    /// <summary>Not a certificate in PEM, DER or PKCS #7.</summary>
    Unreadable,

    /// <summary>None in the file vouches for their address.</summary>
    OtherAddress,

    Expired,
    NotYetValid,

    /// <summary>For signing only, or not for mail.</summary>
    NotForEncryption,

    WeakKey,

    /// <summary>Its authority is not trusted, and nobody can be asked about it.</summary>
    NotTrusted,

    /// <summary>They have a passkey or an app, and came without: mail would go to whoever reads their mailbox.</summary>
    ProofNotShown,

    /// <summary>The organisation encrypts for nobody outside, or the address is a mailbox here.</summary>
    NotHere,

    KeyUnavailable,
}
