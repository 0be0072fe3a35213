using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Pkix;

/// <param name="Certificate">The authority's own, or one with id-kp-OCSPSigning that it issued directly.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Scheme">RSA PKCS#1 or ECDSA.</param>
public sealed record OcspResponder(X509Certificate2 Certificate, IPrivateKey Key, SignatureScheme Scheme)
{
    /// <summary>Whether the certificate travels with the response; needed when it is not the authority's own.</summary>
    public bool IsDelegated { get; init; }
}

/// <summary>Builds OCSP responses (RFC 6960 §4.2).</summary>
public static class OcspResponseBuilder
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ByName = new(TagClass.ContextSpecific, 1);

    /// <param name="responder">Who answers.</param>
    /// <param name="responses">One for each certificate that was asked about.</param>
    /// <param name="producedAt">Precise to the second; not before any thisUpdate.</param>
    /// <param name="nonce">The request's; null without.</param>
    /// <param name="cancellationToken">Ends the wait for the key.</param>
    /// <returns>DER.</returns>
    /// <exception cref="ArgumentException">Nothing is answered, or a nextUpdate is before its thisUpdate.</exception>
    /// <exception cref="KeyStoreException">The key could not sign.</exception>
    public static async Task<byte[]> BuildAsync(
        OcspResponder responder,
        IReadOnlyList<SingleOcspResponse> responses,
        DateTimeOffset producedAt,
        ReadOnlyMemory<byte>? nonce,
        CancellationToken cancellationToken)
    {
        if (responses.Count == 0 || responses.Any(one => one.NextUpdate < one.ThisUpdate || one.ThisUpdate > producedAt))
        {
            throw new ArgumentException("Not an answer at this time.", nameof(responses));
        }

        var basic = await SignedStructure.SignAsync(
            Encode(responder, responses, producedAt, nonce),
            responder.Key,
            responder.Scheme,
            responder.Certificate.PublicKey.ExportSubjectPublicKeyInfo(),
            cancellationToken,
            responder.IsDelegated ? writer => WriteCertificate(writer, responder.Certificate) : null);
        return Frame(OcspResponseStatus.Successful, basic);
    }

    /// <summary>The answer that answers nothing; it is not signed.</summary>
    /// <returns>DER.</returns>
    /// <exception cref="ArgumentException">Success has an answer.</exception>
    public static byte[] Refuse(OcspResponseStatus status) => status == OcspResponseStatus.Successful
        ? throw new ArgumentException("Success has an answer.", nameof(status))
        : Frame(status, null);

    private static byte[] Encode(OcspResponder responder, IReadOnlyList<SingleOcspResponse> responses, DateTimeOffset producedAt, ReadOnlyMemory<byte>? nonce)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(ByName))
            {
                writer.WriteEncodedValue(responder.Certificate.SubjectName.RawData);
            }

            writer.WriteGeneralizedTime(producedAt, omitFractionalSeconds: true);
            using (writer.PushSequence())
            {
                foreach (var response in responses)
                {
                    response.Write(writer);
                }
            }

            OcspNonce.Write(writer, nonce, tag: 1);
        }

        return writer.Encode();
    }

    private static void WriteCertificate(AsnWriter writer, X509Certificate2 certificate)
    {
        using (writer.PushSequence(Tag0))
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(certificate.RawData);
        }
    }

    private static byte[] Frame(OcspResponseStatus status, byte[]? basic)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEnumeratedValue(status);
            if (basic is not null)
            {
                using (writer.PushSequence(Tag0))
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.OcspBasicResponse);
                    writer.WriteOctetString(basic);
                }
            }
        }

        return writer.Encode();
    }
}
