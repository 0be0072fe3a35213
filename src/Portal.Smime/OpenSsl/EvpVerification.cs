using System.Security.Cryptography;
using Portal.Smime.Pkix;

namespace Portal.Smime.OpenSsl;

/// <summary>Signatures that .NET cannot verify: RSA-PSS with a salt of any length, and Ed25519. Whatever libcrypto refuses is false.</summary>
internal static unsafe class EvpVerification
{
    /// <param name="subjectPublicKeyInfo">DER.</param>
    /// <param name="algorithm">RSA-PSS.</param>
    /// <param name="digest">What was signed.</param>
    /// <param name="signature">As received.</param>
    public static bool VerifyPss(
        ReadOnlySpan<byte> subjectPublicKeyInfo,
        SignatureAlgorithm algorithm,
        ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> signature)
    {
        var key = Parse(subjectPublicKeyInfo);
        var context = key == 0 ? 0 : LibCrypto.KeyContextNew(key, 0);
        try
        {
            fixed (byte* digestBytes = digest, signatureBytes = signature)
            {
                return context != 0
                    && LibCrypto.VerifyInit(context) == 1
                    && LibCrypto.SetRsaPadding(context, LibCrypto.RsaPssPadding) == 1
                    && LibCrypto.SetSignatureDigest(context, Digest(algorithm.Hash)) == 1
                    && LibCrypto.SetMgf1Digest(context, Digest(algorithm.MaskHash)) == 1
                    && LibCrypto.SetPssSaltLength(context, algorithm.SaltLength) == 1
                    && LibCrypto.Verify(context, signatureBytes, signature.Length, digestBytes, digest.Length) == 1;
            }
        }
        finally
        {
            LibCrypto.KeyContextFree(context);
            LibCrypto.KeyFree(key);
            LibCrypto.ClearErrors();
        }
    }

    public static bool VerifyEd25519(ReadOnlySpan<byte> subjectPublicKeyInfo, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        var key = Parse(subjectPublicKeyInfo);
        var context = LibCrypto.DigestContextNew();
        try
        {
            fixed (byte* messageBytes = message, signatureBytes = signature)
            {
                return key != 0
                    && context != 0
                    && LibCrypto.KeyType(key) == LibCrypto.Ed25519
                    && LibCrypto.DigestVerifyInit(context, 0, 0, 0, key) == 1
                    && LibCrypto.DigestVerify(context, signatureBytes, signature.Length, messageBytes, message.Length) == 1;
            }
        }
        finally
        {
            LibCrypto.DigestContextFree(context);
            LibCrypto.KeyFree(key);
            LibCrypto.ClearErrors();
        }
    }

    private static nint Parse(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        fixed (byte* start = subjectPublicKeyInfo)
        {
            var cursor = start;
            return LibCrypto.ParsePublicKey(0, &cursor, subjectPublicKeyInfo.Length);
        }
    }

    private static nint Digest(HashAlgorithmName hash) => hash.Name switch
    {
        nameof(HashAlgorithmName.SHA1) => LibCrypto.Sha1(),
        nameof(HashAlgorithmName.SHA256) => LibCrypto.Sha256(),
        nameof(HashAlgorithmName.SHA384) => LibCrypto.Sha384(),
        nameof(HashAlgorithmName.SHA512) => LibCrypto.Sha512(),
        _ => 0,
    };
}
