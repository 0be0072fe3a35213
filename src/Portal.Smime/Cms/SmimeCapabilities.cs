using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>What we can open, best first, and what a peer says of itself (RFC 8551 §2.5.2).</summary>
public static class SmimeCapabilities
{
    private const int Most = 100;

    private static readonly byte[] ForRsa = Encode(KeyTransportScheme.RsaOaepSha256.Identifier());
    private static readonly byte[] ForCurves = Encode(Agreement(Oids.EcdhSha256Kdf), Agreement(Oids.EcdhSha384Kdf), Agreement(Oids.EcdhSha512Kdf));
    private static readonly byte[] ForX25519 = Encode(Agreement(Oids.EcdhHkdfSha256));

    /// <param name="preferred">The certificate that answers are encrypted for: only what its key can do is worth saying.</param>
    /// <returns>DER; not to be written to.</returns>
    internal static byte[] Of(X509Certificate2? preferred) => preferred?.PublicKey.Oid.Value switch
    {
        Oids.EcPublicKey => ForCurves,
        Oids.X25519 => ForX25519,
        _ => ForRsa,
    };

    private static byte[] Encode(params ReadOnlySpan<AlgorithmIdentifier> keyManagement)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            ContentCipher[] ciphers = [ContentCipher.Aes256Gcm, ContentCipher.Aes128Gcm, ContentCipher.Aes256Cbc, ContentCipher.Aes128Cbc];
            foreach (var cipher in ciphers)
            {
                AlgorithmIdentifier.WithoutParameters(cipher.ObjectIdentifier()).Write(writer);
            }

            foreach (var algorithm in keyManagement)
            {
                algorithm.Write(writer);
            }
        }

        return writer.Encode();
    }

    // RFC 5753 §5 wants the key wrap as the parameter of an agreement.
    private static AlgorithmIdentifier Agreement(string algorithm)
    {
        var wrap = new AsnWriter(AsnEncodingRules.DER);
        KeyWrapAlgorithm.Aes256.Identifier.Write(wrap);
        return new AlgorithmIdentifier(algorithm, wrap.Encode());
    }

    /// <summary>OAEP with SHA-1, which is its default, is not what we write.</summary>
    internal static bool IsOaepThatWeWrite(string capability) => capability.StartsWith($"{Oids.RsaesOaep}/", StringComparison.Ordinal);

    /// <returns>
    /// Object identifiers, that of OAEP followed by a slash and its digest's where that is not SHA-1; none when the
    /// attribute is malformed, since it is a hint and no more.
    /// </returns>
    public static IReadOnlyList<string> Read(ReadOnlyMemory<byte> value)
    {
        var capabilities = new List<string>();
        try
        {
            var list = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
            while (list.HasData && capabilities.Count < Most)
            {
                capabilities.Add(Name(list.ReadSequence()));
            }
        }
        catch (AsnContentException)
        {
            return [];
        }

        return capabilities;
    }

    private static string Name(AsnReader capability)
    {
        var identifier = capability.ReadObjectIdentifier();
        if (identifier != Oids.RsaesOaep || !capability.HasData)
        {
            return identifier;
        }

        return KeyTransportAlgorithm.Find(new AlgorithmIdentifier(identifier, capability.ReadEncodedValue())) switch
        {
            KeyTransportScheme.RsaOaepSha256 => $"{identifier}/{Oids.Sha256}",
            KeyTransportScheme.RsaOaepSha384 => $"{identifier}/{Oids.Sha384}",
            KeyTransportScheme.RsaOaepSha512 => $"{identifier}/{Oids.Sha512}",
            _ => identifier,
        };
    }
}
