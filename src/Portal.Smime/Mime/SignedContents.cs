using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

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
                certificates.Add(SharedCertificates.Load(encoded));
            }
            catch (CryptographicException)
            {
            }
        }

        return certificates;
    }
}
