using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>What a certificate has to say before its holder may sign mail (RFC 8550 §4.4).</summary>
internal static class SignerCertificateRules
{
    public static IEnumerable<SignerReason> Against(X509Certificate2 certificate, UnrestrictedCertificates unrestricted)
    {
        try
        {
            return AgainstUsages(certificate, unrestricted).Distinct().ToList();
        }
        catch (CryptographicException)
        {
            return [SignerReason.WrongKeyUsage];
        }
    }

    private static IEnumerable<SignerReason> AgainstUsages(X509Certificate2 certificate, UnrestrictedCertificates unrestricted)
    {
        if (certificate.PublicKey.Strength() != KeyStrength.Acceptable)
        {
            yield return SignerReason.WeakKey;
        }

        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
        {
            yield return SignerReason.AuthorityCertificate;
        }

        var isUnrestricted = false;
        var purposes = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages;
        if (purposes is null || purposes.Cast<Oid>().Any(purpose => purpose.Value == Oids.AnyExtendedKeyUsage))
        {
            isUnrestricted = true;
        }
        else if (!purposes.Cast<Oid>().Any(purpose => purpose.Value == Oids.EmailProtection))
        {
            yield return SignerReason.WrongExtendedKeyUsage;
        }

        const X509KeyUsageFlags signing = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation;
        if (certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is not { } usage)
        {
            isUnrestricted = true;
        }
        else if ((usage.KeyUsages & signing) == 0)
        {
            yield return SignerReason.WrongKeyUsage;
        }

        if (isUnrestricted && unrestricted == UnrestrictedCertificates.Deny)
        {
            yield return SignerReason.UnrestrictedCertificate;
        }
    }
}
