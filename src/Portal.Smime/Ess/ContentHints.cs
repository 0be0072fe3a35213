using System.Formats.Asn1;

namespace Portal.Smime.Ess;

/// <summary>What lies inside layers that a reader may not open (RFC 2634 §2.9).</summary>
/// <param name="ContentType">Object identifier of the innermost content.</param>
/// <param name="Description">Null when absent.</param>
public sealed record ContentHints(string ContentType, string? Description)
{
    internal byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (Description is { Length: > 0 } description)
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, description);
            }

            writer.WriteObjectIdentifier(ContentType);
        }

        return writer.Encode();
    }

    /// <exception cref="AsnContentException">It is none.</exception>
    internal static ContentHints Read(ReadOnlyMemory<byte> value)
    {
        var fields = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
        var description = fields.PeekTag().HasSameClassAndValue(new Asn1Tag(UniversalTagNumber.UTF8String))
            ? fields.ReadCharacterString(UniversalTagNumber.UTF8String)
            : null;
        return new ContentHints(fields.ReadObjectIdentifier(), description);
    }
}
