using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>What a certificate has to say before its holder may sign mail (RFC 8550 §4.4).</summary>
internal static class SignerCertificateRules
{
    private static readonly string[] Usages = [Oids.BasicConstraints, Oids.KeyUsage, Oids.ExtendedKeyUsage];

    public static IEnumerable<SignerReason> Against(X509Certificate2 certificate, UnrestrictedCertificates unrestricted) =>
        ParsedCertificate.Of(certificate) is { } parsed ? Against(parsed, unrestricted) : [SignerReason.WrongKeyUsage];

    private static IEnumerable<SignerReason> Against(ParsedCertificate certificate, UnrestrictedCertificates unrestricted)
    {
        if (certificate.Strength != KeyStrength.Acceptable)
        {
            yield return SignerReason.WeakKey;
        }

        if (certificate.IsAuthority)
        {
            yield return SignerReason.AuthorityCertificate;
        }

        // Usages that cannot be read allow nothing.
        var extensions = certificate.Extensions;
        if (extensions.Malformed.Overlaps(Usages))
        {
            yield return SignerReason.WrongKeyUsage;
        }

        if (extensions.ExtendedKeyUsage is { } purposes && !purposes.Contains(Oids.EmailProtection) && !purposes.Contains(Oids.AnyExtendedKeyUsage))
        {
            yield return SignerReason.WrongExtendedKeyUsage;
        }

        if (!extensions.MayUse(KeyUsages.DigitalSignature | KeyUsages.NonRepudiation))
        {
            yield return SignerReason.WrongKeyUsage;
        }

        if (unrestricted == UnrestrictedCertificates.Deny && CertificateFitness.IsUnrestricted(certificate))
        {
            yield return SignerReason.UnrestrictedCertificate;
        }
    }
}
