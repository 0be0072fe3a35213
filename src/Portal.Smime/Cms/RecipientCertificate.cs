using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Cms;

/// <summary>For whom to encrypt, and how its software can unwrap (NSS and gpgsm read PKCS#1 only).</summary>
public sealed record RecipientCertificate(X509Certificate2 Certificate, KeyTransportScheme Scheme);
