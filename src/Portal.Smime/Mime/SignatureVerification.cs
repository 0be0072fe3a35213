using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>The mathematics of one signer (RFC 5652 §5.4, §5.6): do these bytes belong to that certificate's key.</summary>
internal static class SignatureVerification
{
    /// <returns>Null when everything fits.</returns>
    public static SignerReason? Verify(SignerInfo signer, SignedData content, X509Certificate2 certificate)
    {
        try
        {
            return VerifyDigests(signer, content, certificate);
        }
        catch (AsnContentException)
        {
            return SignerReason.SignedAttributesMalformed;
        }
    }

    private static SignerReason? VerifyDigests(SignerInfo signer, SignedData content, X509Certificate2 certificate)
    {
        if (DigestAlgorithms.IsWeak(signer.DigestAlgorithm.Algorithm))
        {
            return SignerReason.WeakDigest;
        }

        if (DigestAlgorithms.Find(signer.DigestAlgorithm) is not { } hash
            || SignatureAlgorithm.Find(signer.SignatureAlgorithm, hash) is not { } algorithm
            || certificate.PublicKey.Strength() == KeyStrength.Unsupported)
        {
            return SignerReason.UnsupportedAlgorithm;
        }

        // RFC 5652 §5.1: a digest that was not announced was not computed.
        if (content.Digests.Find(hash) is not { } contentDigest)
        {
            return SignerReason.DigestMismatch;
        }

        return signer.SignedAttributes is { } attributes
            ? VerifyAttributes(attributes, contentDigest, content.ContentType, certificate)
                ?? VerifySignature(certificate, algorithm, attributes.Encoded, signer.Signature)
            : VerifyPlain(content, algorithm, contentDigest, certificate, signer.Signature);
    }

    private static SignerReason? VerifyAttributes(
        SignedAttributes attributes,
        byte[] contentDigest,
        string contentType,
        X509Certificate2 certificate)
    {
        // RFC 5652 §11.1, §11.2: both exactly once.
        if (!attributes.TryGetSingle(Oids.ContentType, out var type) || type is not { } typeValue
            || !attributes.TryGetSingle(Oids.MessageDigest, out var digest) || digest is not { } digestValue
            || !attributes.TryGetSingle(Oids.SigningTime, out _))
        {
            return SignerReason.SignedAttributesMalformed;
        }

        if (AsnDecoder.ReadObjectIdentifier(typeValue.Span, AsnEncodingRules.DER, out _) != contentType)
        {
            return SignerReason.ContentTypeMismatch;
        }

        if (!CryptographicOperations.FixedTimeEquals(AsnDecoder.ReadOctetString(digestValue.Span, AsnEncodingRules.DER, out _), contentDigest))
        {
            return SignerReason.DigestMismatch;
        }

        return SigningCertificate.Agrees(attributes, certificate) ? null : SignerReason.SigningCertificateMismatch;
    }

    private static SignerReason? VerifySignature(
        X509Certificate2 certificate,
        SignatureAlgorithm algorithm,
        byte[] attributes,
        ReadOnlyMemory<byte> signature) =>
        PublicKeyVerifier.Verify(certificate.PublicKey, algorithm, attributes, signature.Span) ? null : SignerReason.SignatureBroken;

    private static SignerReason? VerifyPlain(
        SignedData content,
        SignatureAlgorithm algorithm,
        byte[] contentDigest,
        X509Certificate2 certificate,
        ReadOnlyMemory<byte> signature)
    {
        // RFC 5652 §5.3: attributes are mandatory unless the content is id-data.
        if (content.ContentType != Oids.Data)
        {
            return SignerReason.SignedAttributesMalformed;
        }

        // Someone's signed attributes, presented as content, carry a valid signature too.
        if (content.Digests.BeginsLikeAttributes)
        {
            return SignerReason.ContentAmbiguous;
        }

        return PublicKeyVerifier.VerifyDigest(certificate.PublicKey, algorithm, contentDigest, signature.Span)
            ? null
            : SignerReason.SignatureBroken;
    }
}
