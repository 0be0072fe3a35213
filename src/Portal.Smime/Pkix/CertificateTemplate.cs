using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

public enum CertificateProfile
{
    /// <summary>Self-signed authority.</summary>
    RootAuthority,

    /// <summary>Authority that may issue for people only (pathLenConstraint 0).</summary>
    IssuingAuthority,

    /// <summary>A person's signing certificate: digitalSignature, emailProtection.</summary>
    Signing,

    /// <summary>A person's encryption certificate: keyEncipherment (RSA) or keyAgreement (EC), emailProtection.</summary>
    Encryption,

    /// <summary>Answers for the authority that issued it (RFC 6960 §4.2.2.2): digitalSignature, OCSPSigning, ocsp-nocheck.</summary>
    OcspResponder,
}

/// <summary>Where relying parties find out more; http addresses only (CA/B S/MIME BR §7.1.2.3).</summary>
public sealed record PublicationPoints(
    IReadOnlyList<Uri> RevocationLists,
    IReadOnlyList<Uri> IssuerCertificates,
    IReadOnlyList<Uri> OcspResponders)
{
    public static PublicationPoints None { get; } = new([], [], []);
}

/// <summary>What a certificate shall say, serial number and signature aside.</summary>
/// <param name="Profile">Decides usages and constraints.</param>
/// <param name="Subject">The holder's name; may be empty for people (the address is then critical).</param>
/// <param name="SubjectPublicKeyInfo">DER.</param>
/// <param name="NotBefore">Precise to the second.</param>
/// <param name="NotAfter">Precise to the second.</param>
public sealed record CertificateTemplate(
    CertificateProfile Profile,
    X500DistinguishedName Subject,
    ReadOnlyMemory<byte> SubjectPublicKeyInfo,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter)
{
    /// <summary>At least one for people, none for authorities.</summary>
    public IReadOnlyList<AddrSpec> Addresses { get; init; } = [];

    public PublicationPoints PublicationPoints { get; init; } = PublicationPoints.None;

    /// <summary>Object identifiers of certificatePolicies.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];
}
