using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

internal static class NamedBits
{
    /// <summary>Bit n of the BIT STRING becomes 1 &lt;&lt; n; bits beyond 31 are left out.</summary>
    /// <exception cref="AsnContentException">Not a BIT STRING.</exception>
    public static int Read(AsnReader reader, Asn1Tag? tag = null)
    {
        if (!reader.TryReadPrimitiveBitString(out _, out var bits, tag))
        {
            throw new AsnContentException("Not a bit string.");
        }

        var result = 0;
        for (var bit = 0; bit < Math.Min(bits.Length * 8, 31); bit++)
        {
            if ((bits.Span[bit / 8] & (0x80 >> (bit % 8))) != 0)
            {
                result |= 1 << bit;
            }
        }

        return result;
    }
}
