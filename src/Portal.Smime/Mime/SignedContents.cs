using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

internal static class SignedContents
{
    public static CmsLimits CmsLimits(this OpeningLimits limits) =>
        new(limits.Recipients, limits.Signers, limits.Certificates, limits.StructureBytes);

    /// <returns>Certificates that parse; a broken one may be someone else's mistake, and simply is not there.</returns>
    public static IReadOnlyList<X509Certificate2> ParseCertificates(SignedData signedData)
    {
        var certificates = new List<X509Certificate2>();
        foreach (var encoded in signedData.Certificates)
        {
            try
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(encoded.Span));
            }
            catch (CryptographicException)
            {
            }
        }

        return certificates;
    }
}
