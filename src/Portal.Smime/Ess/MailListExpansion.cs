using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Smime.Ess;

/// <summary>What a list wants to become of receipts (RFC 2634 §4.4, mlReceiptPolicy).</summary>
public abstract record ReceiptPolicy
{
    private ReceiptPolicy()
    {
    }

    /// <summary>No receipt to anybody.</summary>
    public sealed record None : ReceiptPolicy;

    /// <summary>Receipts go here and not to those whom the originator named.</summary>
    public sealed record InsteadOf(IReadOnlyList<AddrSpec> Addresses) : ReceiptPolicy;

    /// <summary>Receipts go here as well.</summary>
    public sealed record InAdditionTo(IReadOnlyList<AddrSpec> Addresses) : ReceiptPolicy;
}

/// <summary>MLData: one list that a message went through (RFC 2634 §4.4).</summary>
public sealed class MailListExpansion
{
    private const int MostAddresses = 1000;
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1, isConstructed: true);
    private static readonly Asn1Tag Tag2 = new(TagClass.ContextSpecific, 2, isConstructed: true);
    private readonly ReadOnlyMemory<byte> _encodedList;

    private MailListExpansion(ReadOnlyMemory<byte> encodedList, RecipientIdentifier list, DateTimeOffset expandedAt, ReceiptPolicy? policy) =>
        (_encodedList, List, ExpandedAt, Policy) = (encodedList, list, expandedAt, policy);

    /// <summary>The list's certificate, by issuer and serial number or by key identifier.</summary>
    public RecipientIdentifier List { get; }

    /// <summary>Precise to the second.</summary>
    public DateTimeOffset ExpandedAt { get; }

    /// <summary>Null leaves receipts as they were asked for.</summary>
    public ReceiptPolicy? Policy { get; }

    /// <param name="list">The list's certificate.</param>
    /// <param name="expandedAt">Written to the second.</param>
    /// <param name="policy">Null leaves receipts as they were asked for.</param>
    public static MailListExpansion By(X509Certificate2 list, DateTimeOffset expandedAt, ReceiptPolicy? policy)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        CertificateIdentifiers.WriteIssuerAndSerialNumber(writer, list);
        return new MailListExpansion(writer.Encode(), RecipientIdentifier.IssuerAndSerialNumber.Of(list), expandedAt, policy);
    }

    internal void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(_encodedList.Span);
            writer.WriteGeneralizedTime(ExpandedAt, omitFractionalSeconds: true);
            switch (Policy)
            {
                case ReceiptPolicy.None:
                    writer.WriteNull(Tag0);
                    break;
                case ReceiptPolicy.InsteadOf { Addresses: var addresses }:
                    WriteAddresses(writer, addresses, Tag1);
                    break;
                case ReceiptPolicy.InAdditionTo { Addresses: var addresses }:
                    WriteAddresses(writer, addresses, Tag2);
                    break;
            }
        }
    }

    /// <exception cref="AsnContentException">It is none.</exception>
    internal static MailListExpansion Read(AsnReader fields)
    {
        var encodedList = fields.PeekEncodedValue();
        RecipientIdentifier list = fields.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveOctetString)
            ? new RecipientIdentifier.SubjectKeyIdentifier(Convert.ToHexString(fields.ReadOctetString()))
            : CertificateIdentifiers.ReadIssuerAndSerialNumber(fields.ReadSequence());
        var expandedAt = fields.ReadGeneralizedTime();
        var policy = fields.HasData ? ReadPolicy(fields) : null;
        fields.ThrowIfNotEmpty();
        return new MailListExpansion(encodedList, list, expandedAt, policy);
    }

    private static ReceiptPolicy ReadPolicy(AsnReader fields)
    {
        var tag = fields.PeekTag();
        if (tag == Tag0)
        {
            fields.ReadNull(Tag0);
            return new ReceiptPolicy.None();
        }

        if (tag == Tag1)
        {
            return new ReceiptPolicy.InsteadOf(EntityNames.Read(fields.ReadSequence(Tag1), MostAddresses));
        }

        return new ReceiptPolicy.InAdditionTo(EntityNames.Read(fields.ReadSequence(Tag2), MostAddresses));
    }

    private static void WriteAddresses(AsnWriter writer, IReadOnlyList<AddrSpec> addresses, Asn1Tag tag)
    {
        using (writer.PushSequence(tag))
        {
            EntityNames.Write(writer, addresses);
        }
    }
}
