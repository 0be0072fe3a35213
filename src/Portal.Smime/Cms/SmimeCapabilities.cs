using System.Formats.Asn1;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>What we can open, best first, and what a peer says of itself (RFC 8551 §2.5.2).</summary>
internal static class SmimeCapabilities
{
    private const int Most = 100;

    public static byte[] Ours()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            ContentCipher[] ciphers = [ContentCipher.Aes256Gcm, ContentCipher.Aes128Gcm, ContentCipher.Aes256Cbc, ContentCipher.Aes128Cbc];
            foreach (var cipher in ciphers)
            {
                AlgorithmIdentifier.WithoutParameters(cipher.ObjectIdentifier()).Write(writer);
            }

            KeyTransportScheme.RsaOaepSha256.Identifier().Write(writer);
        }

        return writer.Encode();
    }

    /// <returns>Object identifiers; none when the attribute is malformed, since it is a hint and no more.</returns>
    public static IReadOnlyList<string> Read(ReadOnlyMemory<byte> value)
    {
        var identifiers = new List<string>();
        try
        {
            var capabilities = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
            while (capabilities.HasData && identifiers.Count < Most)
            {
                identifiers.Add(capabilities.ReadSequence().ReadObjectIdentifier());
            }
        }
        catch (AsnContentException)
        {
            return [];
        }

        return identifiers;
    }
}
