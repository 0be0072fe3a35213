using Portal.Smime.Keys;

namespace Portal.Application.Organisations;

/// <summary>What mail looks like for outsiders of whose software nothing is known.</summary>
public enum UnknownSoftware
{
    /// <summary>EnvelopedData, AES-256-CBC, RSA PKCS#1: every S/MIME software reads it.</summary>
    Compatible,

    /// <summary>AuthEnvelopedData, AES-256-GCM, RSA-OAEP: older software does not.</summary>
    Modern,
}

/// <summary>How mail reaches people outside.</summary>
public enum OutsiderDelivery
{
    /// <summary>Encrypted by S/MIME for whoever has a certificate that can be used; others read here, by a link.</summary>
    CertificateThenLink,

    /// <summary>They read here, even if they have a certificate.</summary>
    Link,

    /// <summary>Nobody outside reads here.</summary>
    Certificate,
}

/// <param name="SigningKeys">Of new signing pairs: P256, Rsa3072 or Rsa4096.</param>
/// <param name="EncryptionKeys">Of new pairs that open mail: Rsa3072, which every software encrypts for, or P256.</param>
/// <param name="AllowsSignedOnly">May a message go out signed but readable by everybody on its way, when a recipient has no certificate?</param>
/// <param name="AllowsUnprotected">May a message go out with neither signature nor encryption, when its sender asks for that?</param>
/// <param name="UnknownSoftware">The form of encryption where nothing is known.</param>
/// <param name="SecondFactor">Who signs in with more than a password.</param>
/// <param name="CertificateDays">How long new certificates of people are valid: <see cref="ShortestCertificate"/> to <see cref="LongestCertificate"/>.</param>
/// <param name="AllowsKeyExport">May people have a copy of the keys that open their mail, when a second person agrees?</param>
/// <param name="PublishesCertificates">May everybody look up whom to encrypt for, by address?</param>
/// <param name="Outsiders">How mail reaches people outside.</param>
/// <param name="Readers">For people outside who read here.</param>
public sealed record OrganisationPolicy(
    KeyAlgorithm SigningKeys,
    KeyAlgorithm EncryptionKeys,
    bool AllowsSignedOnly,
    bool AllowsUnprotected,
    UnknownSoftware UnknownSoftware,
    SecondFactorDemand SecondFactor,
    int CertificateDays,
    bool AllowsKeyExport,
    bool PublishesCertificates,
    OutsiderDelivery Outsiders,
    ReaderPolicy Readers)
{
    /// <summary>Days. They are renewed thirty days before their end.</summary>
    public const int ShortestCertificate = 60;

    /// <summary>Days; 825 with the first and the last second, and what is backdated (CA/Browser Forum S/MIME baseline requirements §6.3.2).</summary>
    public const int LongestCertificate = 824;

    /// <summary>For pages, which know nothing of keys.</summary>
    public string SigningKeysName => SigningKeys.ToString();

    public string EncryptionKeysName => EncryptionKeys.ToString();

    /// <summary>Unchanged where nothing is called that.</summary>
    public OrganisationPolicy WithKeys(string signing, string encryption) => this with
    {
        SigningKeys = Enum.TryParse<KeyAlgorithm>(signing, out var signs) ? signs : SigningKeys,
        EncryptionKeys = Enum.TryParse<KeyAlgorithm>(encryption, out var opens) ? opens : EncryptionKeys,
    };
}
