using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Pkix;

/// <param name="Certificate">The authority's certificate.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Scheme">RSA PKCS#1 or ECDSA.</param>
public sealed record IssuingAuthority(X509Certificate2 Certificate, IPrivateKey Key, SignatureScheme Scheme);
