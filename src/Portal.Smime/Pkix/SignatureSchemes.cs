using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.Smime.Pkix;

/// <summary>How what a private key computes is named and framed in certificates, revocation lists and CMS.</summary>
internal static class SignatureSchemes
{
    /// <exception cref="NotSupportedException">PSS and Ed25519 are read, not written.</exception>
    public static HashAlgorithmName Hash(this SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.EcdsaSha256 => HashAlgorithmName.SHA256,
        SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.EcdsaSha384 => HashAlgorithmName.SHA384,
        SignatureScheme.RsaPkcs1Sha512 or SignatureScheme.EcdsaSha512 => HashAlgorithmName.SHA512,
        SignatureScheme.RsaPssSha256 or SignatureScheme.RsaPssSha384 or SignatureScheme.RsaPssSha512 or SignatureScheme.Ed25519 =>
            throw new NotSupportedException($"{scheme} is not written."),
    };

    /// <summary>RFC 4055 §5 demands NULL parameters for RSA, RFC 5758 §3.2 none for ECDSA.</summary>
    public static AlgorithmIdentifier Identifier(this SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.RsaPkcs1Sha256 => AlgorithmIdentifier.WithNull(Oids.Sha256WithRsa),
        SignatureScheme.RsaPkcs1Sha384 => AlgorithmIdentifier.WithNull(Oids.Sha384WithRsa),
        SignatureScheme.RsaPkcs1Sha512 => AlgorithmIdentifier.WithNull(Oids.Sha512WithRsa),
        SignatureScheme.EcdsaSha256 => AlgorithmIdentifier.WithoutParameters(Oids.EcdsaWithSha256),
        SignatureScheme.EcdsaSha384 => AlgorithmIdentifier.WithoutParameters(Oids.EcdsaWithSha384),
        SignatureScheme.EcdsaSha512 => AlgorithmIdentifier.WithoutParameters(Oids.EcdsaWithSha512),
        SignatureScheme.RsaPssSha256 or SignatureScheme.RsaPssSha384 or SignatureScheme.RsaPssSha512 or SignatureScheme.Ed25519 =>
            throw new NotSupportedException($"{scheme} is not written."),
    };

    /// <summary>Asks the key and frames its answer: ECDSA arrives as r‖s and is written as a SEQUENCE (RFC 5753 §7.2).</summary>
    public static async Task<byte[]> SignAsync(this IPrivateKey key, byte[] digest, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        var signature = await key.SignDigestAsync(digest, scheme, cancellationToken);
        return scheme is SignatureScheme.EcdsaSha256 or SignatureScheme.EcdsaSha384 or SignatureScheme.EcdsaSha512
            ? EcdsaSignatureValue.Encode(signature.Span)
            : signature.ToArray();
    }
}
