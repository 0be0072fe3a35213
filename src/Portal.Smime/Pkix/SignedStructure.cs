using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Pkix;

/// <summary>The frame that certificates, revocation lists, requests and responses share: what is signed, by what algorithm, the signature (RFC 5280 §4.1, §5.1).</summary>
internal static class SignedStructure
{
    /// <exception cref="KeyStoreException">The key could not sign.</exception>
    /// <exception cref="CryptographicException">The key signed, but is not the one of the issuer's certificate.</exception>
    public static async Task<byte[]> SignAsync(
        ReadOnlyMemory<byte> toBeSigned,
        IPrivateKey key,
        SignatureScheme scheme,
        byte[] issuerPublicKey,
        CancellationToken cancellationToken,
        Action<AsnWriter>? writeRest = null) =>
        Framed(toBeSigned, await key.SignAsync(toBeSigned, scheme, cancellationToken), scheme, issuerPublicKey, writeRest) ?? throw OtherKey();

    /// <summary>Many of the same issuer.</summary>
    /// <returns>In their order.</returns>
    /// <exception cref="KeyStoreException">The key could not sign.</exception>
    /// <exception cref="CryptographicException">The key signed, but is not the one of the issuer's certificate.</exception>
    public static async Task<IReadOnlyList<byte[]>> SignAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> toBeSigned, IPrivateKey key, SignatureScheme scheme, byte[] issuerPublicKey, CancellationToken cancellationToken)
    {
        var signatures = await key.SignAsync(toBeSigned, scheme, cancellationToken);
        var framed = new byte[]?[toBeSigned.Count];
        Parallel.For(0, framed.Length, at => framed[at] = Framed(toBeSigned[at], signatures[at], scheme, issuerPublicKey, writeRest: null));
        return [.. framed.Select(one => one ?? throw OtherKey())];
    }

    private static CryptographicException OtherKey() => new("The key does not belong to the issuer's certificate.");

    /// <returns>Null when the signature does not verify.</returns>
    private static byte[]? Framed(ReadOnlyMemory<byte> toBeSigned, byte[] signature, SignatureScheme scheme, byte[] issuerPublicKey, Action<AsnWriter>? writeRest)
    {
        var publicKey = PublicKey.CreateFromSubjectPublicKeyInfo(issuerPublicKey, out _);
        if (!PublicKeyVerifier.Verify(publicKey, SignatureAlgorithm.Find(scheme.Identifier())!, toBeSigned.Span, signature))
        {
            return null;
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(toBeSigned.Span);
            scheme.Identifier().Write(writer);
            writer.WriteBitString(signature);
            writeRest?.Invoke(writer);
        }

        return writer.Encode();
    }
}
