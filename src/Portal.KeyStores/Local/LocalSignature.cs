using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

internal static class LocalSignature
{
    /// <returns>RSA: as long as the modulus. ECDSA: r‖s of fixed length.</returns>
    /// <exception cref="KeyStoreException">Key, scheme and digest do not fit together.</exception>
    public static byte[] Sign(UnsealedKey key, ReadOnlySpan<byte> digest, SignatureScheme scheme)
    {
        var hash = Hash(scheme);
        if (digest.Length != DigestLength(hash))
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, "The digest is not as long as the scheme says.");
        }

        if (key.IsRsa != Padding(scheme) is not null)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, $"A key of {key.Algorithm} does not sign by {scheme}.");
        }

        return Padding(scheme) is { } padding ? SignRsa(key, digest, hash, padding) : SignEcdsa(key, digest);
    }

    private static byte[] SignRsa(UnsealedKey key, ReadOnlySpan<byte> digest, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.Pkcs8, out _);
        return rsa.SignHash(digest, hash, padding);
    }

    private static byte[] SignEcdsa(UnsealedKey key, ReadOnlySpan<byte> digest)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(key.Pkcs8, out _);
        return ecdsa.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static HashAlgorithmName Hash(SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPssSha256 or SignatureScheme.EcdsaSha256 => HashAlgorithmName.SHA256,
        SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPssSha384 or SignatureScheme.EcdsaSha384 => HashAlgorithmName.SHA384,
        SignatureScheme.RsaPkcs1Sha512 or SignatureScheme.RsaPssSha512 or SignatureScheme.EcdsaSha512 => HashAlgorithmName.SHA512,
        SignatureScheme.Ed25519 => throw new KeyStoreException(KeyStoreFailure.NotSupported, "This store has no Ed25519 keys."),
    };

    private static int DigestLength(HashAlgorithmName hash) => hash == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes
        : hash == HashAlgorithmName.SHA384 ? SHA384.HashSizeInBytes
        : SHA512.HashSizeInBytes;

    /// <returns>Null for what is not RSA.</returns>
    private static RSASignaturePadding? Padding(SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPkcs1Sha512 => RSASignaturePadding.Pkcs1,
        SignatureScheme.RsaPssSha256 or SignatureScheme.RsaPssSha384 or SignatureScheme.RsaPssSha512 => RSASignaturePadding.Pss,
        SignatureScheme.EcdsaSha256 or SignatureScheme.EcdsaSha384 or SignatureScheme.EcdsaSha512 or SignatureScheme.Ed25519 => null,
    };
}
