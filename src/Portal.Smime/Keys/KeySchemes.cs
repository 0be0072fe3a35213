using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Smime.Keys;

public static class KeySchemes
{
    /// <summary>How the holder of this certificate's key signs: RSA as every reader understands it, a curve with the digest of its strength (RFC 5753 §8).</summary>
    /// <returns>Null for a key that signs nothing, or is too weak.</returns>
    public static SignatureScheme? OfSigner(X509Certificate2 certificate)
    {
        if (certificate.PublicKey.Strength() != KeyStrength.Acceptable)
        {
            return null;
        }

        using var curve = certificate.GetECDsaPublicKey();
        return certificate.PublicKey.Oid.Value switch
        {
            Oids.RsaEncryption => SignatureScheme.RsaPkcs1Sha256,
            Oids.RsassaPss => SignatureScheme.RsaPssSha256,
            Oids.Ed25519 => SignatureScheme.Ed25519,
            Oids.EcPublicKey => curve?.KeySize switch
            {
                256 => SignatureScheme.EcdsaSha256,
                384 => SignatureScheme.EcdsaSha384,
                521 => SignatureScheme.EcdsaSha512,
                _ => null,
            },
            _ => null,
        };
    }
}
