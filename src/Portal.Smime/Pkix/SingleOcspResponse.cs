using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>The answer for one certificate (RFC 6960 §4.2.1).</summary>
/// <param name="CertificateId">As it was asked.</param>
/// <param name="Status">What is said.</param>
/// <param name="ThisUpdate">When that was known to be right; precise to the second.</param>
/// <param name="NextUpdate">When more will be known; null for at any time.</param>
public sealed record SingleOcspResponse(
    OcspCertificateId CertificateId,
    OcspCertificateStatus Status,
    DateTimeOffset ThisUpdate,
    DateTimeOffset? NextUpdate)
{
    private static readonly Asn1Tag NextUpdateTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 1);

    /// <exception cref="AsnContentException">Not a SingleResponse, or with a critical extension that we do not know.</exception>
    internal static SingleOcspResponse Read(AsnReader reader)
    {
        var fields = reader.ReadSequence();
        var id = OcspCertificateId.Read(fields);
        var status = OcspCertificateStatus.Read(fields);
        var thisUpdate = fields.ReadGeneralizedTime();
        var nextUpdate = default(DateTimeOffset?);
        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(NextUpdateTag))
        {
            nextUpdate = fields.ReadSequence(NextUpdateTag).ReadGeneralizedTime();
        }

        var extensions = fields.HasData ? Extension.ReadAll(fields.ReadSequence(ExtensionsTag).ReadSequence()) : [];
        fields.ThrowIfNotEmpty();
        return extensions.Any(extension => extension.Critical)
            ? throw new AsnContentException("An extension that we do not know.")
            : new SingleOcspResponse(id, status, thisUpdate, nextUpdate);
    }

    internal void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            CertificateId.Write(writer);
            Status.Write(writer);
            writer.WriteGeneralizedTime(ThisUpdate, omitFractionalSeconds: true);
            if (NextUpdate is { } next)
            {
                using (writer.PushSequence(NextUpdateTag))
                {
                    writer.WriteGeneralizedTime(next, omitFractionalSeconds: true);
                }
            }
        }
    }
}
