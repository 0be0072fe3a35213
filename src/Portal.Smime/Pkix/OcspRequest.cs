using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>A question to a responder (RFC 6960 §4.1). Who asks, and whether he signed, makes no difference to the answer.</summary>
/// <param name="CertificateIds">1 to 100.</param>
/// <param name="Nonce">1 to 128 octets to be echoed; null without.</param>
public sealed record OcspRequest(IReadOnlyList<OcspCertificateId> CertificateIds, ReadOnlyMemory<byte>? Nonce)
{
    private const int LargestRequest = 32 * 1024;
    private const int MostCertificates = 100;
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Tag2 = new(TagClass.ContextSpecific, 2);

    /// <returns>False for what is malformed, too large, or has a critical extension that we do not know: <see cref="OcspResponseStatus.MalformedRequest"/>.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out OcspRequest? request)
    {
        request = null;
        try
        {
            if (der.Length <= LargestRequest)
            {
                request = Read(der);
            }
        }
        catch (AsnContentException)
        {
            // As promised.
        }

        return request is not null;
    }

    /// <returns>DER, not signed.</returns>
    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                foreach (var id in CertificateIds)
                {
                    using (writer.PushSequence())
                    {
                        id.Write(writer);
                    }
                }
            }

            OcspNonce.Write(writer, Nonce, tag: 2);
        }

        return writer.Encode();
    }

    private static OcspRequest? Read(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var outer = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var fields = outer.ReadSequence();
        if (fields.PeekTag().HasSameClassAndValue(Tag0) && !fields.ReadSequence(Tag0).ReadInteger().IsZero)
        {
            return null;
        }

        if (fields.PeekTag().HasSameClassAndValue(Tag1))
        {
            fields.ReadEncodedValue();
        }

        var ids = new List<OcspCertificateId>();
        var requests = fields.ReadSequence();
        while (requests.HasData && ids.Count <= MostCertificates)
        {
            ids.Add(ReadOne(requests.ReadSequence()));
        }

        var nonce = fields.HasData ? OcspNonce.Read(fields.ReadSequence(Tag2).ReadSequence()) : null;
        fields.ThrowIfNotEmpty();
        return ids.Count is > 0 and <= MostCertificates ? new OcspRequest(ids, nonce) : null;
    }

    private static OcspCertificateId ReadOne(AsnReader fields)
    {
        var id = OcspCertificateId.Read(fields);
        if (fields.HasData && Extension.ReadAll(fields.ReadSequence(Tag0).ReadSequence()).Any(extension => extension.Critical))
        {
            throw new AsnContentException("An extension that we do not know.");
        }

        fields.ThrowIfNotEmpty();
        return id;
    }
}
