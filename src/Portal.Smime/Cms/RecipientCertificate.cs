using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Cms;

/// <summary>For whom to encrypt.</summary>
/// <param name="Certificate">RSA of at least 2048 bits, P-256, P-384, P-521 or X25519.</param>
/// <param name="Scheme">How software of an RSA recipient can unwrap (NSS and gpgsm read PKCS#1 only); other keys agree by their own curve.</param>
public sealed record RecipientCertificate(X509Certificate2 Certificate, KeyTransportScheme Scheme)
{
    public NamedBy NamedBy { get; init; }
}
