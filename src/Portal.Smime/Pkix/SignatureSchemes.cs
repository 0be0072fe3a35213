using System.Formats.Asn1;
using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.Smime.Pkix;

/// <summary>How what a private key computes is named and framed in certificates, revocation lists and CMS.</summary>
internal static class SignatureSchemes
{
    private static readonly AlgorithmIdentifier PssSha256 = Pss(HashAlgorithmName.SHA256);
    private static readonly AlgorithmIdentifier PssSha384 = Pss(HashAlgorithmName.SHA384);
    private static readonly AlgorithmIdentifier PssSha512 = Pss(HashAlgorithmName.SHA512);

    /// <summary>RFC 4055 §5 demands NULL parameters for RSA, RFC 5758 §3.2 and RFC 8410 §3 none for ECDSA and Ed25519.</summary>
    public static AlgorithmIdentifier Identifier(this SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.RsaPkcs1Sha256 => AlgorithmIdentifier.WithNull(Oids.Sha256WithRsa),
        SignatureScheme.RsaPkcs1Sha384 => AlgorithmIdentifier.WithNull(Oids.Sha384WithRsa),
        SignatureScheme.RsaPkcs1Sha512 => AlgorithmIdentifier.WithNull(Oids.Sha512WithRsa),
        SignatureScheme.EcdsaSha256 => AlgorithmIdentifier.WithoutParameters(Oids.EcdsaWithSha256),
        SignatureScheme.EcdsaSha384 => AlgorithmIdentifier.WithoutParameters(Oids.EcdsaWithSha384),
        SignatureScheme.EcdsaSha512 => AlgorithmIdentifier.WithoutParameters(Oids.EcdsaWithSha512),
        SignatureScheme.Ed25519 => AlgorithmIdentifier.WithoutParameters(Oids.Ed25519),
        SignatureScheme.RsaPssSha256 => PssSha256,
        SignatureScheme.RsaPssSha384 => PssSha384,
        SignatureScheme.RsaPssSha512 => PssSha512,
    };

    /// <summary>Asks the key and frames its answer: ECDSA arrives as r‖s and is written as a SEQUENCE (RFC 5753 §7.2).</summary>
    /// <param name="key">Asked once.</param>
    /// <param name="message">Hashed here, unless the scheme takes the bytes themselves.</param>
    /// <param name="scheme">What the key can compute.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<byte[]> SignAsync(
        this IPrivateKey key,
        ReadOnlyMemory<byte> message,
        SignatureScheme scheme,
        CancellationToken cancellationToken)
    {
        if (scheme.SignsMessages())
        {
            return (await key.SignMessageAsync(message, scheme, cancellationToken)).ToArray();
        }

        var digest = CryptographicOperations.HashData(scheme.Hash(), message.Span);
        var signature = await key.SignDigestAsync(digest, scheme, cancellationToken);
        return scheme.IsRsa() ? signature.ToArray() : EcdsaSignatureValue.Encode(signature.Span);
    }

    /// <returns>As certificates and CMS have it, in their order.</returns>
    /// <exception cref="KeyStoreException">The key could not sign.</exception>
    public static async Task<IReadOnlyList<byte[]>> SignAsync(
        this IPrivateKey key, IReadOnlyList<ReadOnlyMemory<byte>> messages, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        if (scheme.SignsMessages() || messages.Count == 1)
        {
            var each = new List<byte[]>(messages.Count);
            foreach (var message in messages)
            {
                each.Add(await key.SignAsync(message, scheme, cancellationToken));
            }

            return each;
        }

        var digests = messages.Select(one => new ReadOnlyMemory<byte>(CryptographicOperations.HashData(scheme.Hash(), one.Span))).ToList();
        var signatures = await key.SignDigestsAsync(digests, scheme, cancellationToken);
        return signatures.Select(one => scheme.IsRsa() ? one.ToArray() : EcdsaSignatureValue.Encode(one.Span)).ToList();
    }

    // RFC 4055 §3.1: one digest for content and mask, a salt of its length; the trailer is the default.
    private static AlgorithmIdentifier Pss(HashAlgorithmName hash)
    {
        var digest = AlgorithmIdentifier.WithNull(DigestAlgorithms.ObjectIdentifier(hash));
        var mask = new AsnWriter(AsnEncodingRules.DER);
        digest.Write(mask);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteExplicit(writer, 0, digest.Write);
            WriteExplicit(writer, 1, new AlgorithmIdentifier(Oids.Mgf1, mask.Encode()).Write);
            WriteExplicit(writer, 2, value => value.WriteInteger(DigestAlgorithms.Length(hash)));
        }

        return new AlgorithmIdentifier(Oids.RsassaPss, writer.Encode());
    }

    private static void WriteExplicit(AsnWriter writer, int number, Action<AsnWriter> write)
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, number)))
        {
            write(writer);
        }
    }
}
