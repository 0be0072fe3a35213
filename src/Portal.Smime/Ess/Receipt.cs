using System.Formats.Asn1;

namespace Portal.Smime.Ess;

/// <summary>The content of a signed receipt (RFC 2634 §2.8): which signature of whom it confirms.</summary>
/// <param name="ContentType">Object identifier of what was signed.</param>
/// <param name="ContentIdentifier">From the receipt request.</param>
/// <param name="OriginatorSignature">The signature value that carried the request.</param>
public sealed record Receipt(string ContentType, ContentIdentifier ContentIdentifier, ReadOnlyMemory<byte> OriginatorSignature)
{
    private const int Version = 1;

    internal byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(Version);
            writer.WriteObjectIdentifier(ContentType);
            writer.WriteOctetString(ContentIdentifier.Value.Span);
            writer.WriteOctetString(OriginatorSignature.Span);
        }

        return writer.Encode();
    }

    /// <exception cref="AsnContentException">It is none.</exception>
    internal static Receipt Read(ReadOnlyMemory<byte> content)
    {
        var reader = new AsnReader(content, AsnEncodingRules.BER);
        var fields = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        if (!fields.TryReadInt32(out var version) || version != Version)
        {
            throw new AsnContentException("Not a receipt of version 1.");
        }

        var receipt = new Receipt(fields.ReadObjectIdentifier(), new ContentIdentifier(fields.ReadOctetString()), fields.ReadOctetString());
        fields.ThrowIfNotEmpty();
        return receipt;
    }
}
