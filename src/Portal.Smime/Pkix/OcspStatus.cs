using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>RFC 6960 §4.2.1; the numbers are the standard's.</summary>
public enum OcspResponseStatus
{
    Successful = 0,
    MalformedRequest = 1,
    InternalError = 2,
    TryLater = 3,
    SigRequired = 5,
    Unauthorized = 6,
}

/// <summary>What a responder says of one certificate (RFC 6960 §2.2).</summary>
public abstract record OcspCertificateStatus
{
    private static readonly Asn1Tag GoodTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag RevokedTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag UnknownTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag ReasonTag = new(TagClass.ContextSpecific, 0);

    private OcspCertificateStatus()
    {
    }

    public sealed record Good : OcspCertificateStatus;

    /// <param name="At">Precise to the second.</param>
    /// <param name="Reason">Unspecified when the responder does not say.</param>
    public sealed record Revoked(DateTimeOffset At, CrlReason Reason) : OcspCertificateStatus;

    public sealed record Unknown : OcspCertificateStatus;

    /// <exception cref="AsnContentException">Not a CertStatus.</exception>
    internal static OcspCertificateStatus Read(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.HasSameClassAndValue(GoodTag))
        {
            reader.ReadNull(GoodTag);
            return new Good();
        }

        if (tag.HasSameClassAndValue(UnknownTag))
        {
            reader.ReadNull(UnknownTag);
            return new Unknown();
        }

        var fields = reader.ReadSequence(RevokedTag);
        var at = fields.ReadGeneralizedTime();
        var reason = fields.HasData ? fields.ReadSequence(ReasonTag).ReadEnumeratedValue<CrlReason>() : CrlReason.Unspecified;
        return Enum.IsDefined(reason) ? new Revoked(at, reason) : throw new AsnContentException("Not a reason.");
    }

    internal void Write(AsnWriter writer)
    {
        switch (this)
        {
            case Good:
                writer.WriteNull(GoodTag);
                break;
            case Revoked revoked:
                WriteRevoked(writer, revoked);
                break;
            default:
                writer.WriteNull(UnknownTag);
                break;
        }
    }

    private static void WriteRevoked(AsnWriter writer, Revoked revoked)
    {
        using (writer.PushSequence(RevokedTag))
        {
            writer.WriteGeneralizedTime(revoked.At, omitFractionalSeconds: true);
            if (revoked.Reason != CrlReason.Unspecified)
            {
                using (writer.PushSequence(ReasonTag))
                {
                    writer.WriteEnumeratedValue(revoked.Reason);
                }
            }
        }
    }
}
