using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Smime.Keys;

/// <summary>What the schemes of signatures and key transport mean.</summary>
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

    /// <summary>Of content and attributes; for Ed25519 SHA-512 (RFC 8419 §3).</summary>
    public static HashAlgorithmName Hash(this SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPssSha256 or SignatureScheme.EcdsaSha256 => HashAlgorithmName.SHA256,
        SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPssSha384 or SignatureScheme.EcdsaSha384 => HashAlgorithmName.SHA384,
        SignatureScheme.RsaPkcs1Sha512 or SignatureScheme.RsaPssSha512 or SignatureScheme.EcdsaSha512 or SignatureScheme.Ed25519 =>
            HashAlgorithmName.SHA512,
    };

    public static bool IsPss(this SignatureScheme scheme) =>
        scheme is SignatureScheme.RsaPssSha256 or SignatureScheme.RsaPssSha384 or SignatureScheme.RsaPssSha512;

    public static bool IsRsa(this SignatureScheme scheme) =>
        scheme.IsPss() || scheme is SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPkcs1Sha512;

    /// <summary>The key wants the bytes themselves, not their digest.</summary>
    public static bool SignsMessages(this SignatureScheme scheme) => scheme == SignatureScheme.Ed25519;

    public static RSAEncryptionPadding Padding(this KeyTransportScheme scheme) => scheme switch
    {
        KeyTransportScheme.RsaPkcs1 => RSAEncryptionPadding.Pkcs1,
        KeyTransportScheme.RsaOaepSha1 => RSAEncryptionPadding.OaepSHA1,
        KeyTransportScheme.RsaOaepSha256 => RSAEncryptionPadding.OaepSHA256,
        KeyTransportScheme.RsaOaepSha384 => RSAEncryptionPadding.OaepSHA384,
        KeyTransportScheme.RsaOaepSha512 => RSAEncryptionPadding.OaepSHA512,
    };
}
