using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>What a template must not ask for; asking is a mistake of ours, not of a stranger.</summary>
internal static class CertificateTemplateRules
{
    /// <param name="template">To be checked.</param>
    /// <param name="authority">Null for a root.</param>
    /// <exception cref="ArgumentException">Says what is wrong.</exception>
    public static void Demand(CertificateTemplate template, X509Certificate2? authority)
    {
        var isPerson = template.Profile is CertificateProfile.Signing or CertificateProfile.Encryption;
        Demand((template.Profile == CertificateProfile.RootAuthority) == (authority is null), "A root signs itself, and nothing else does.");
        Demand(isPerson == template.Addresses.Count > 0, "People have addresses, and nothing else does.");
        Demand(isPerson || template.Subject.RawData.Length > 2, "What is no person has a name.");
        Demand(template.NotBefore < template.NotAfter, "The validity is empty.");
        Demand(authority is null || template.NotAfter <= new DateTimeOffset(authority.NotAfter), "The authority ends earlier.");
        Demand(authority is null || IsAuthority(authority), "The issuer is no authority.");
        Demand(HasAcceptableKey(template.SubjectPublicKeyInfo.Span), "The key is too weak or of an unknown kind.");

        var points = template.PublicationPoints;
        Demand(
            points.RevocationLists.Concat(points.IssuerCertificates).Concat(points.OcspResponders).All(uri => uri.IsAbsoluteUri && uri.Scheme == Uri.UriSchemeHttp),
            "Publication points are http addresses.");
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault()?.CertificateAuthority == true;

    private static bool HasAcceptableKey(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        try
        {
            var key = PublicKey.CreateFromSubjectPublicKeyInfo(subjectPublicKeyInfo, out var read);
            return read == subjectPublicKeyInfo.Length && key.Strength() == KeyStrength.Acceptable;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static void Demand(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message, nameof(condition));
        }
    }
}
