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

    /// <summary>False for anything that does not verify, whatever the cause.</summary>
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
                SignatureFamily.RsaPkcs1 => VerifyPkcs1(key, algorithm.Hash, digest, signature),
                SignatureFamily.RsaPss => EvpVerification.VerifyPss(
                    key.ExportSubjectPublicKeyInfo(), algorithm, digest, signature),
                SignatureFamily.Ecdsa => VerifyEcdsa(key, digest, signature),
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
            return ImportedKeys.Shared.Use(signer, imported => algorithm.Family == SignatureFamily.RsaPkcs1
                ? imported is RSA rsa && rsa.VerifyHash(digest, signature.Span, algorithm.Hash, RSASignaturePadding.Pkcs1)
                : imported is ECDsa ecdsa && ecdsa.VerifyHash(digest, signature.Span, DSASignatureFormat.Rfc3279DerSequence));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool VerifyPkcs1(PublicKey key, HashAlgorithmName hash, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using var rsa = key.GetRSAPublicKey();
        return rsa is not null && rsa.VerifyHash(digest, signature, hash, RSASignaturePadding.Pkcs1);
    }

    private static bool VerifyEcdsa(PublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using var ecdsa = key.GetECDsaPublicKey();
        return ecdsa is not null && ecdsa.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
    }
}
