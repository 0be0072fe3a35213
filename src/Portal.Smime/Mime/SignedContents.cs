using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

internal static class SignedContents
{
    public static CmsLimits CmsLimits(this OpeningLimits limits) =>
        new(limits.Recipients, limits.Signers, limits.Certificates, limits.StructureBytes);

    /// <returns>Certificates that can be read to the last extension; a broken one may be someone else's mistake, and simply is not there.</returns>
    public static IReadOnlyList<X509Certificate2> ParseCertificates(SignedData signedData)
    {
        var certificates = new List<X509Certificate2>();
        foreach (var encoded in signedData.Certificates)
        {
            try
            {
                var certificate = X509CertificateLoader.LoadCertificate(encoded.Span);
                DemandReadable(certificate);
                certificates.Add(certificate);
            }
            catch (CryptographicException)
            {
            }
        }

        return certificates;
    }

    // Loading decodes lazily: what nobody has looked at yet throws wherever somebody looks first.
    private static void DemandReadable(X509Certificate2 certificate)
    {
        _ = (certificate.NotBefore, certificate.NotAfter, certificate.PublicKey);
        foreach (var extension in certificate.Extensions)
        {
            _ = extension switch
            {
                X509SubjectKeyIdentifierExtension identifier => identifier.SubjectKeyIdentifierBytes.Length,
                X509BasicConstraintsExtension constraints => constraints.PathLengthConstraint,
                X509KeyUsageExtension usage => (int)usage.KeyUsages,
                X509EnhancedKeyUsageExtension purposes => purposes.EnhancedKeyUsages.Count,
                _ => 0,
            };
        }
    }
}
