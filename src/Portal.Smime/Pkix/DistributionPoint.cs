using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>Where a list is to be had, by full names or by one below its issuer (RFC 5280 §4.2.1.13).</summary>
/// <param name="FullNames">Empty when the name is relative.</param>
/// <param name="RelativeName">DER, SET OF; null when the names are full.</param>
internal sealed record DistributionPointName(IReadOnlyList<GeneralName> FullNames, ReadOnlyMemory<byte>? RelativeName)
{
    private static readonly Asn1Tag FullName = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag NameRelativeToCrlIssuer = new(TagClass.ContextSpecific, 1);

    /// <exception cref="AsnContentException">Not a DistributionPointName.</exception>
    public static DistributionPointName Read(AsnReader reader)
    {
        if (reader.PeekTag().HasSameClassAndValue(FullName))
        {
            return new DistributionPointName(GeneralName.ReadAll(reader.ReadSequence(FullName)), null);
        }

        if (!reader.PeekTag().HasSameClassAndValue(NameRelativeToCrlIssuer))
        {
            throw new AsnContentException("Not the name of a distribution point.");
        }

        // Implicitly tagged: the SET has to get its own tag back.
        var encoded = reader.ReadEncodedValue().ToArray();
        encoded[0] = 0x31;
        return new DistributionPointName([], encoded);
    }

    public bool Matches(IReadOnlyList<GeneralName> names, DistinguishedName issuer) =>
        Resolve(issuer).Any(name => names.Any(name.IsSame));

    public IReadOnlyList<GeneralName> Resolve(DistinguishedName issuer)
    {
        if (RelativeName is not { } relative)
        {
            return FullNames;
        }

        try
        {
            return [GeneralName.Of(issuer.Append(relative.Span))];
        }
        catch (AsnContentException)
        {
            return [];
        }
    }
}

/// <param name="Name">Null when only the issuer is named.</param>
/// <param name="Reasons">All when the point does not say.</param>
/// <param name="CrlIssuer">Empty when the certificate's issuer signs the list.</param>
internal sealed record DistributionPoint(DistributionPointName? Name, ReasonFlags Reasons, IReadOnlyList<GeneralName> CrlIssuer)
{
    private static readonly Asn1Tag NameTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ReasonsTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag CrlIssuerTag = new(TagClass.ContextSpecific, 2);

    /// <summary>RFC 5280 §6.3.3, last paragraph: where the issuer's own list is, whatever the certificate says.</summary>
    public static DistributionPoint OfIssuer(DistinguishedName issuer) =>
        new(new DistributionPointName([GeneralName.Of(issuer)], null), ReasonFlags.All, []);

    /// <exception cref="AsnContentException">Not CRLDistributionPoints.</exception>
    public static IReadOnlyList<DistributionPoint> ReadAll(AsnReader reader)
    {
        var points = new List<DistributionPoint>();
        var sequence = reader.ReadSequence();
        while (sequence.HasData)
        {
            points.Add(Read(sequence.ReadSequence()));
        }

        return points;
    }

    private static DistributionPoint Read(AsnReader fields)
    {
        DistributionPointName? name = null;
        var reasons = ReasonFlags.All;
        IReadOnlyList<GeneralName> issuer = [];
        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(NameTag))
        {
            var inner = fields.ReadSequence(NameTag);
            name = DistributionPointName.Read(inner);
            inner.ThrowIfNotEmpty();
        }

        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(ReasonsTag))
        {
            reasons = (ReasonFlags)NamedBits.Read(fields, ReasonsTag) & ReasonFlags.All;
        }

        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(CrlIssuerTag))
        {
            issuer = GeneralName.ReadAll(fields.ReadSequence(CrlIssuerTag));
        }

        fields.ThrowIfNotEmpty();
        return new DistributionPoint(name, reasons, issuer);
    }
}
