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

    /// <summary>Why <see cref="Read"/> found none: shorter tags are refused, as they are easier to forge.</summary>
    /// <param name="identifier">As received.</param>
    /// <returns>The name of the parameter (RFC 5084 §3.2), or the algorithm's object identifier.</returns>
    public static string Unsupported(AlgorithmIdentifier identifier)
    {
        if (ContentCipherFacts.Find(identifier.Algorithm)?.IsAuthenticated() != true || identifier.Parameters is not { } parameters)
        {
            return identifier.Algorithm;
        }

        var fields = new AsnReader(parameters, AsnEncodingRules.BER).ReadSequence();
        fields.ReadOctetString();
        return ReadTagLength(fields) == EvpCipher.TagLength ? identifier.Algorithm : "aes-ICVlen";
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

    private static byte[]? ReadGcm(AsnReader reader)
    {
        var fields = reader.ReadSequence();
        var nonce = fields.ReadOctetString();
        return ReadTagLength(fields) == EvpCipher.TagLength ? nonce : null;
    }

    // RFC 5084 §3.2: 12 where none is named.
    private static int ReadTagLength(AsnReader fields) => !fields.HasData ? 12 : fields.TryReadInt32(out var length) ? length : 0;

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
