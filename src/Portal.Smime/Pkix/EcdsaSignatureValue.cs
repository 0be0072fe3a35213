using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

internal static class EcdsaSignatureValue
{
    /// <param name="concatenated">r‖s, two halves of equal length.</param>
    /// <returns>DER, RFC 3279 §2.2.3.</returns>
    public static byte[] Encode(ReadOnlySpan<byte> concatenated)
    {
        var half = concatenated.Length / 2;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteUnsigned(writer, concatenated[..half]);
            WriteUnsigned(writer, concatenated[half..]);
        }

        return writer.Encode();
    }

    private static void WriteUnsigned(AsnWriter writer, ReadOnlySpan<byte> value)
    {
        var trimmed = value.TrimStart((byte)0);
        writer.WriteIntegerUnsigned(trimmed.IsEmpty ? [0] : trimmed);
    }
}
