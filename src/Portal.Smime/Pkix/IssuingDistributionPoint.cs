using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>What part of an issuer's certificates a list covers (RFC 5280 §5.2.5).</summary>
internal sealed record IssuingDistributionPoint(
    DistributionPointName? Name,
    bool OnlyUserCertificates,
    bool OnlyAuthorityCertificates,
    ReasonFlags Reasons,
    bool IsIndirect,
    bool OnlyAttributeCertificates)
{
    public static IssuingDistributionPoint None { get; } = new(null, false, false, ReasonFlags.All, false, false);

    /// <exception cref="AsnContentException">Not an IssuingDistributionPoint.</exception>
    public static IssuingDistributionPoint Read(AsnReader reader)
    {
        var fields = reader.ReadSequence();
        DistributionPointName? name = null;
        if (Next(fields, 0) is { } nameTag)
        {
            var inner = fields.ReadSequence(nameTag);
            name = DistributionPointName.Read(inner);
            inner.ThrowIfNotEmpty();
        }

        var users = Next(fields, 1) is { } usersTag && fields.ReadBoolean(usersTag);
        var authorities = Next(fields, 2) is { } authoritiesTag && fields.ReadBoolean(authoritiesTag);
        var reasons = Next(fields, 3) is { } reasonsTag ? (ReasonFlags)NamedBits.Read(fields, reasonsTag) & ReasonFlags.All : ReasonFlags.All;
        var indirect = Next(fields, 4) is { } indirectTag && fields.ReadBoolean(indirectTag);
        var attributes = Next(fields, 5) is { } attributesTag && fields.ReadBoolean(attributesTag);
        fields.ThrowIfNotEmpty();
        return new IssuingDistributionPoint(name, users, authorities, reasons, indirect, attributes);
    }

    /// <summary>RFC 5280 §6.3.3 b 2, d: the reasons that such a list says about the certificate, by one of its distribution points.</summary>
    /// <param name="point">The certificate's, or the implied one of its issuer.</param>
    /// <param name="certificate">Whose revocation is looked for.</param>
    /// <param name="crlIssuer">Who issued the list.</param>
    public ReasonFlags Covers(DistributionPoint point, ParsedCertificate certificate, DistinguishedName crlIssuer)
    {
        var isIssuer = point.CrlIssuer.Count == 0
            ? crlIssuer.Equals(certificate.Issuer)
            : point.CrlIssuer.Any(name => name.Names(crlIssuer)) && (IsIndirect || crlIssuer.Equals(certificate.Issuer));
        var isKind = !OnlyAttributeCertificates
            && !(OnlyUserCertificates && certificate.IsAuthority)
            && !(OnlyAuthorityCertificates && !certificate.IsAuthority);
        return isIssuer && isKind && IsAt(point, certificate, crlIssuer) ? Reasons & point.Reasons : ReasonFlags.None;
    }

    private bool IsAt(DistributionPoint point, ParsedCertificate certificate, DistinguishedName crlIssuer)
    {
        if (Name is null)
        {
            return true;
        }

        if (point.Name is null)
        {
            return Name.Matches(point.CrlIssuer, crlIssuer);
        }

        var issuer = point.CrlIssuer.FirstOrDefault(name => name.Directory is not null)?.Directory ?? certificate.Issuer;
        return Name.Matches(point.Name.Resolve(issuer), crlIssuer);
    }

    private static Asn1Tag? Next(AsnReader fields, int number)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, number);
        return fields.HasData && fields.PeekTag().HasSameClassAndValue(tag) ? tag : null;
    }
}
