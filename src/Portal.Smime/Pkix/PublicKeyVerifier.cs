using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.OpenSsl;

namespace Portal.Smime.Pkix;

/// <summary>Plain signature verification: does this key's signature fit these bytes. Says nothing about trust.</summary>
internal static class PublicKeyVerifier
{
    /// <summary>Of certificates and revocation lists.</summary>
    public static bool Verify(PublicKey key, SignatureAlgorithm algorithm, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (algorithm.Family == SignatureFamily.Ed25519)
        {
            return key.Strength() == KeyStrength.Acceptable
                && EvpVerification.VerifyEd25519(key.ExportSubjectPublicKeyInfo(), message, signature);
        }

        return VerifyDigest(key, algorithm, CryptographicOperations.HashData(algorithm.Hash, message), signature);
    }

    /// <summary>False for anything that does not verify, whatever the cause; the import of the key is remembered.</summary>
    public static bool VerifyDigest(PublicKey key, SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (key.Strength() == KeyStrength.Unsupported)
        {
            return false;
        }

        try
        {
            return algorithm.Family switch
            {
                SignatureFamily.RsaPss => EvpVerification.VerifyPss(
                    key.ExportSubjectPublicKeyInfo(), algorithm, digest, signature),
                SignatureFamily.RsaPkcs1 or SignatureFamily.Ecdsa => ImportedKeys.Shared.Use(key.ExportSubjectPublicKeyInfo(), Verification(algorithm, digest.ToArray(), signature.ToArray())),
                SignatureFamily.Ed25519 or SignatureFamily.Dsa => false,
            };
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>With the key of a certificate, whose import is remembered.</summary>
    public static bool Verify(ParsedCertificate signer, SignatureAlgorithm algorithm, ReadOnlySpan<byte> message, ReadOnlyMemory<byte> signature) =>
        algorithm.Family is SignatureFamily.RsaPkcs1 or SignatureFamily.Ecdsa
            ? VerifyDigest(signer, algorithm, CryptographicOperations.HashData(algorithm.Hash, message), signature)
            : signer.Key is { } key && Verify(key, algorithm, message, signature.Span);

    /// <summary>With the key of a certificate, whose import is remembered.</summary>
    public static bool VerifyDigest(ParsedCertificate signer, SignatureAlgorithm algorithm, byte[] digest, ReadOnlyMemory<byte> signature)
    {
        if (signer.Key is not { } key || signer.Strength == KeyStrength.Unsupported)
        {
            return false;
        }

        if (algorithm.Family is not (SignatureFamily.RsaPkcs1 or SignatureFamily.Ecdsa))
        {
            return VerifyDigest(key, algorithm, digest, signature.Span);
        }

        try
        {
            return ImportedKeys.Shared.Use(signer, Verification(algorithm, digest, signature));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static Func<AsymmetricAlgorithm, bool> Verification(SignatureAlgorithm algorithm, byte[] digest, ReadOnlyMemory<byte> signature) => key =>
        algorithm.Family == SignatureFamily.RsaPkcs1
            ? key is RSA rsa && rsa.VerifyHash(digest, signature.Span, algorithm.Hash, RSASignaturePadding.Pkcs1)
            : key is ECDsa ecdsa && ecdsa.VerifyHash(digest, signature.Span, DSASignatureFormat.Rfc3279DerSequence);
}
