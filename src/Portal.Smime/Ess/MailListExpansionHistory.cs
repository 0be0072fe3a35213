using System.Formats.Asn1;

namespace Portal.Smime.Ess;

/// <summary>The lists that a message has come through, the first one first (RFC 2634 §4.4).</summary>
/// <param name="Expansions">1 to 64.</param>
public sealed record MailListExpansionHistory(IReadOnlyList<MailListExpansion> Expansions)
{
    /// <summary>ub-ml-expansion-history.</summary>
    public const int Most = 64;

    /// <exception cref="ArgumentException">None, or more than 64.</exception>
    internal byte[] Encode()
    {
        if (Expansions.Count is 0 or > Most)
        {
            throw new ArgumentException("A history has 1 to 64 expansions.", nameof(Expansions));
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var expansion in Expansions)
            {
                expansion.Write(writer);
            }
        }

        return writer.Encode();
    }

    /// <exception cref="AsnContentException">It is none.</exception>
    internal static MailListExpansionHistory Read(ReadOnlyMemory<byte> value)
    {
        var lists = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
        var expansions = new List<MailListExpansion>();
        while (lists.HasData)
        {
            expansions.Add(MailListExpansion.Read(lists.ReadSequence()));
        }

        return expansions.Count is > 0 and <= Most
            ? new MailListExpansionHistory(expansions)
            : throw new AsnContentException("A history of no, or too many, expansions.");
    }
}
