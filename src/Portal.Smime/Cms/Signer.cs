using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Cms;

/// <param name="Certificate">The signer's certificate.</param>
/// <param name="Intermediates">Sent along, so that the reader can build the path; without the trust anchor.</param>
/// <param name="Key">The private key of <paramref name="Certificate"/>.</param>
/// <param name="Scheme">What the key can compute.</param>
public sealed record Signer(
    X509Certificate2 Certificate,
    IReadOnlyList<X509Certificate2> Intermediates,
    IPrivateKey Key,
    SignatureScheme Scheme)
{
    /// <summary>The certificate that answers should be encrypted for (RFC 8551 §2.5.3), sent along when given.</summary>
    public X509Certificate2? EncryptionCertificate { get; init; }

    public NamedBy NamedBy { get; init; }
}
