using System.Formats.Asn1;
using Portal.Smime.Pkix;

namespace Portal.Smime.Ess;

/// <summary>Who is asked for a receipt (RFC 2634 §2.7).</summary>
public abstract record ReceiptsFrom
{
    private ReceiptsFrom()
    {
    }

    public sealed record All : ReceiptsFrom;

    /// <summary>Those who did not get the message through a mailing list.</summary>
    public sealed record FirstTier : ReceiptsFrom;

    public sealed record Listed(IReadOnlyList<AddrSpec> Addresses) : ReceiptsFrom;
}

/// <summary>RFC 2634 §2.7.</summary>
/// <param name="ContentIdentifier">By which a receipt names the message.</param>
/// <param name="From">Who is asked.</param>
/// <param name="To">Where receipts go; at most 16.</param>
public sealed record ReceiptRequest(ContentIdentifier ContentIdentifier, ReceiptsFrom From, IReadOnlyList<AddrSpec> To)
{
    /// <summary>ub-receiptsTo.</summary>
    private const int MostTo = 16;

    private const int MostFrom = 1000;
    private const int AllReceipts = 0;
    private const int FirstTierRecipients = 1;
    private static readonly Asn1Tag AllOrFirstTier = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ReceiptList = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <exception cref="ArgumentException">Nobody to send receipts to, or more than 16.</exception>
    internal byte[] Encode()
    {
        if (To.Count is 0 or > MostTo)
        {
            throw new ArgumentException("Receipts go to 1 to 16 addresses.", nameof(To));
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(ContentIdentifier.Value.Span);
            WriteFrom(writer);
            using (writer.PushSequence())
            {
                EntityNames.Write(writer, To);
            }
        }

        return writer.Encode();
    }

    /// <exception cref="AsnContentException">It is none.</exception>
    internal static ReceiptRequest Read(ReadOnlyMemory<byte> value)
    {
        var fields = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
        var identifier = new ContentIdentifier(fields.ReadOctetString());
        var from = ReadFrom(fields);
        var to = EntityNames.Read(fields.ReadSequence(), MostTo);
        fields.ThrowIfNotEmpty();
        return new ReceiptRequest(identifier, from, to);
    }

    private void WriteFrom(AsnWriter writer)
    {
        if (From is ReceiptsFrom.Listed { Addresses: var addresses })
        {
            using (writer.PushSequence(ReceiptList))
            {
                EntityNames.Write(writer, addresses);
            }
        }
        else
        {
            writer.WriteInteger(From is ReceiptsFrom.All ? AllReceipts : FirstTierRecipients, AllOrFirstTier);
        }
    }

    private static ReceiptsFrom ReadFrom(AsnReader fields)
    {
        if (fields.PeekTag() == ReceiptList)
        {
            return new ReceiptsFrom.Listed(EntityNames.Read(fields.ReadSequence(ReceiptList), MostFrom));
        }

        return fields.TryReadInt32(out var which, AllOrFirstTier) && which is AllReceipts or FirstTierRecipients
            ? which == AllReceipts ? new ReceiptsFrom.All() : new ReceiptsFrom.FirstTier()
            : throw new AsnContentException("No ReceiptsFrom.");
    }
}
