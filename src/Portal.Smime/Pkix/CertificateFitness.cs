using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>What makes a certificate unfit for mail, whoever issued it.</summary>
public enum CertificateFlaw
{
    /// <summary>It cannot be read, or has an extension twice or unreadable.</summary>
    Malformed,

    Expired,
    NotYetValid,

    /// <summary>Its key is too weak, or of a kind that we do not compute with.</summary>
    WeakKey,

    /// <summary>Key usage, or the kind of the key, does not allow it.</summary>
    WrongKeyUsage,

    /// <summary>Extended key usage includes neither emailProtection nor any.</summary>
    WrongExtendedKeyUsage,

    /// <summary>An authority's own certificate signs no mail.</summary>
    AuthorityCertificate,
}

/// <summary>Whether its holder can use a certificate at all, before any path is looked for (RFC 8550 §4.4): what it does not forbid is allowed.</summary>
public static class CertificateFitness
{
    public static IReadOnlyList<CertificateFlaw> ForSigning(X509Certificate2 certificate, DateTimeOffset at) =>
        ParsedCertificate.Of(certificate) is { } parsed
            ? Flaws(parsed, at, KeyUsages.DigitalSignature | KeyUsages.NonRepudiation).Concat(parsed.IsAuthority ? [CertificateFlaw.AuthorityCertificate] : []).ToList()
            : [CertificateFlaw.Malformed];

    public static IReadOnlyList<CertificateFlaw> ForEncryption(X509Certificate2 certificate, DateTimeOffset at) =>
        ParsedCertificate.Of(certificate) is { } parsed ? Flaws(parsed, at, UsageToReceive(certificate.PublicKey)).ToList() : [CertificateFlaw.Malformed];

    /// <summary>It does not say that it is for signing mail: RFC 8550 §4.4 lets it sign, the portal does not unless told to.</summary>
    public static bool IsUnrestricted(X509Certificate2 certificate) => ParsedCertificate.Of(certificate) is { } parsed && IsUnrestricted(parsed);

    internal static bool IsUnrestricted(ParsedCertificate certificate) =>
        certificate.Extensions.KeyUsage is null
        || certificate.Extensions.ExtendedKeyUsage is not { } purposes
        || purposes.Contains(Oids.AnyExtendedKeyUsage);

    // RFC 3279 §2.3, RFC 8410 §5: RSA keys are transported to, keys on curves agree, and the rest only signs.
    private static KeyUsages? UsageToReceive(PublicKey key) => key.Oid.Value switch
    {
        Oids.RsaEncryption => KeyUsages.KeyEncipherment,
        Oids.EcPublicKey or Oids.X25519 => KeyUsages.KeyAgreement,
        _ => null,
    };

    private static IEnumerable<CertificateFlaw> Flaws(ParsedCertificate certificate, DateTimeOffset at, KeyUsages? usage)
    {
        if (certificate.IsMalformed)
        {
            yield return CertificateFlaw.Malformed;
        }

        if (at > certificate.NotAfter)
        {
            yield return CertificateFlaw.Expired;
        }

        if (at < certificate.NotBefore)
        {
            yield return CertificateFlaw.NotYetValid;
        }

        if (certificate.Strength != KeyStrength.Acceptable)
        {
            yield return CertificateFlaw.WeakKey;
        }

        if (usage is not { } needed || !certificate.Extensions.MayUse(needed))
        {
            yield return CertificateFlaw.WrongKeyUsage;
        }

        if (certificate.Extensions.ExtendedKeyUsage is { } purposes && !purposes.Contains(Oids.EmailProtection) && !purposes.Contains(Oids.AnyExtendedKeyUsage))
        {
            yield return CertificateFlaw.WrongExtendedKeyUsage;
        }
    }
}
