using System.Formats.Asn1;

namespace Portal.Smime.Ess;

/// <summary>Names another signed content, by the identifier and signature of its signer (RFC 2634 §2.11).</summary>
/// <param name="ContentType">Object identifier.</param>
/// <param name="ContentIdentifier">Of the other content.</param>
/// <param name="OriginatorSignature">The signature value over it.</param>
public sealed record ContentReference(string ContentType, ContentIdentifier ContentIdentifier, ReadOnlyMemory<byte> OriginatorSignature)
{
    internal byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(ContentType);
            writer.WriteOctetString(ContentIdentifier.Value.Span);
            writer.WriteOctetString(OriginatorSignature.Span);
        }

        return writer.Encode();
    }

    /// <exception cref="AsnContentException">It is none.</exception>
    internal static ContentReference Read(ReadOnlyMemory<byte> value)
    {
        var fields = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
        return new ContentReference(fields.ReadObjectIdentifier(), new ContentIdentifier(fields.ReadOctetString()), fields.ReadOctetString());
    }
}
