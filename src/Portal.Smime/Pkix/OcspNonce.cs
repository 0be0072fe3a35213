using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>The only extension of requests and responses that we process (RFC 9654).</summary>
internal static class OcspNonce
{
    private const int Longest = 128;

    /// <returns>Null when there is none.</returns>
    /// <exception cref="AsnContentException">Empty or too long, or another extension that is critical.</exception>
    public static ReadOnlyMemory<byte>? Read(AsnReader extensions)
    {
        ReadOnlyMemory<byte>? nonce = null;
        foreach (var extension in Extension.ReadAll(extensions))
        {
            if (extension.Type == Oids.OcspNonce)
            {
                nonce = extension.ReadValue(reader => reader.ReadOctetString());
            }
            else if (extension.Critical)
            {
                throw new AsnContentException("An extension that we do not know.");
            }
        }

        return nonce is { Length: 0 or > Longest } ? throw new AsnContentException("Not a nonce.") : nonce;
    }

    public static void Write(AsnWriter writer, ReadOnlyMemory<byte>? nonce, int tag)
    {
        if (nonce is not { } value)
        {
            return;
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag)))
        using (writer.PushSequence())
        {
            ExtensionWriter.Write(writer, Oids.OcspNonce, critical: false, inner => inner.WriteOctetString(value.Span));
        }
    }
}
