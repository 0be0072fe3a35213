using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Legacy;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>The mathematics of one signer (RFC 5652 §5.4, §5.6): do these bytes belong to that certificate's key.</summary>
internal static class SignatureVerification
{
    /// <param name="signer">Which.</param>
    /// <param name="content">With its digests.</param>
    /// <param name="certificate">Perhaps the signer's.</param>
    /// <param name="others">Where the issuer may be found.</param>
    /// <returns>Null when everything fits.</returns>
    public static SignerReason? Verify(
        SignerInfo signer,
        SignedData content,
        X509Certificate2 certificate,
        IEnumerable<X509Certificate2> others)
    {
        try
        {
            return VerifyDigests(signer, content, certificate, others);
        }
        catch (AsnContentException)
        {
            return SignerReason.SignedAttributesMalformed;
        }
    }

    private static SignerReason? VerifyDigests(
        SignerInfo signer,
        SignedData content,
        X509Certificate2 certificate,
        IEnumerable<X509Certificate2> others)
    {
        if (ContentDigests.Find(signer.DigestAlgorithm) is not { } hash
            || (SignatureAlgorithm.Find(signer.SignatureAlgorithm, hash) ?? LegacyAlgorithms.FindSignature(signer.SignatureAlgorithm, hash)) is not { } algorithm
            || (ParsedCertificate.Of(certificate)?.Strength ?? certificate.PublicKey.Strength()) == KeyStrength.Unsupported)
        {
            return SignerReason.UnsupportedAlgorithm;
        }

        // RFC 5652 §5.1: a digest that was not announced was not computed.
        if (content.Digests.Find(hash) is not { } contentDigest)
        {
            return SignerReason.DigestMismatch;
        }

        if (signer.SignedAttributes is null && AgainstPlain(content) is { } ambiguous)
        {
            return ambiguous;
        }

        if (signer.SignedAttributes is { } attributes && VerifyAttributes(attributes, contentDigest, content.ContentType, certificate) is { } wrong)
        {
            return wrong;
        }

        return Fits(certificate, others, algorithm, signer, contentDigest) ? null : SignerReason.SignatureBroken;
    }

    private static bool Fits(
        X509Certificate2 certificate,
        IEnumerable<X509Certificate2> others,
        SignatureAlgorithm algorithm,
        SignerInfo signer,
        byte[] contentDigest)
    {
        if (algorithm.Family == SignatureFamily.Ed25519)
        {
            // RFC 8419 §3.1: without attributes it would be over the content itself, which nobody holds any more.
            return signer.SignedAttributes is { } attributes
                && PublicKeyVerifier.Verify(certificate.PublicKey, algorithm, attributes.Encoded, signer.Signature.Span);
        }

        var digest = signer.SignedAttributes is { } signed ? CryptographicOperations.HashData(algorithm.Hash, signed.Encoded) : contentDigest;
        if (algorithm.Family == SignatureFamily.Dsa)
        {
            return DsaVerification.Verify(certificate, others, digest, signer.Signature.Span);
        }

        return ParsedCertificate.Of(certificate) is { } parsed
            ? PublicKeyVerifier.VerifyDigest(parsed, algorithm, digest, signer.Signature)
            : PublicKeyVerifier.VerifyDigest(certificate.PublicKey, algorithm, digest, signer.Signature.Span);
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

    private static SignerReason? AgainstPlain(SignedData content)
    {
        // RFC 5652 §5.3: attributes are mandatory unless the content is id-data.
        if (content.ContentType != Oids.Data)
        {
            return SignerReason.SignedAttributesMalformed;
        }

        // Someone's signed attributes, presented as content, carry a valid signature too.
        return content.Digests.BeginsLikeAttributes ? SignerReason.ContentAmbiguous : null;
    }
}
