using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>RFC 5280 §4.2.1.13: the reasons that a partitioned list speaks of.</summary>
[Flags]
internal enum ReasonFlags
{
    None = 0,
    KeyCompromise = 1 << 1,
    CaCompromise = 1 << 2,
    AffiliationChanged = 1 << 3,
    Superseded = 1 << 4,
    CessationOfOperation = 1 << 5,
    CertificateHold = 1 << 6,
    PrivilegeWithdrawn = 1 << 7,
    AaCompromise = 1 << 8,
    All = KeyCompromise | CaCompromise | AffiliationChanged | Superseded | CessationOfOperation | CertificateHold | PrivilegeWithdrawn | AaCompromise,
}

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
