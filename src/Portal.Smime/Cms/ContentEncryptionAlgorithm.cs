using System.Formats.Asn1;
using Portal.Smime.OpenSsl;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <param name="Cipher">One that we can open.</param>
/// <param name="Nonce">Of the cipher's length.</param>
internal sealed record ContentEncryptionAlgorithm(ContentCipher Cipher, ReadOnlyMemory<byte> Nonce)
{
    /// <param name="identifier">As received.</param>
    /// <param name="authenticated">AuthEnvelopedData wants GCM, EnvelopedData wants CBC; the wrong one is refused (RFC 5084 §1.5).</param>
    /// <returns>Null when we do not open this.</returns>
    /// <exception cref="AsnContentException">Parameters that are none.</exception>
    public static ContentEncryptionAlgorithm? Read(AlgorithmIdentifier identifier, bool authenticated)
    {
        if (ContentCipherFacts.Find(identifier.Algorithm) is not { } cipher
            || cipher.IsAuthenticated() != authenticated
            || identifier.Parameters is not { } parameters)
        {
            return null;
        }

        var reader = new AsnReader(parameters, AsnEncodingRules.BER);
        if (cipher.IsRc2())
        {
            return ReadRc2(reader.ReadSequence());
        }

        var nonce = authenticated ? ReadGcm(reader) : reader.ReadOctetString();
        return nonce?.Length == cipher.NonceLength() ? new ContentEncryptionAlgorithm(cipher, nonce) : null;
    }

    public AlgorithmIdentifier ToIdentifier()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        if (!Cipher.IsAuthenticated())
        {
            writer.WriteOctetString(Nonce.Span);
            return new AlgorithmIdentifier(Cipher.ObjectIdentifier(), writer.Encode());
        }

        using (writer.PushSequence())
        {
            writer.WriteOctetString(Nonce.Span);
            writer.WriteInteger(EvpCipher.TagLength);
        }

        return new AlgorithmIdentifier(Cipher.ObjectIdentifier(), writer.Encode());
    }

    // RFC 5084 §3.2: the tag's length defaults to 12; we accept nothing below 16.
    private static byte[]? ReadGcm(AsnReader reader)
    {
        var fields = reader.ReadSequence();
        var nonce = fields.ReadOctetString();
        return fields.HasData && fields.TryReadInt32(out var tagLength) && tagLength == EvpCipher.TagLength ? nonce : null;
    }

    // RFC 3370 §5.2: the version says how many bits of the key count, by a table.
    private static ContentEncryptionAlgorithm? ReadRc2(AsnReader fields)
    {
        var version = fields.TryReadInt32(out var number) ? number : 0;
        ContentCipher? cipher = version switch
        {
            58 => ContentCipher.Rc2Cbc128,
            120 => ContentCipher.Rc2Cbc64,
            160 => ContentCipher.Rc2Cbc40,
            _ => null,
        };
        var nonce = fields.ReadOctetString();
        return cipher is { } found && nonce.Length == found.NonceLength() ? new ContentEncryptionAlgorithm(found, nonce) : null;
    }
}
