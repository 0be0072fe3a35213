using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>Judges signers one by one: first whether the signature is right, then whether its maker is acceptable.</summary>
/// <param name="context">Trust, policy and the instant of receipt.</param>
/// <param name="from">The single From address; null makes every address mismatch.</param>
/// <param name="date">The Date field; null when there is not exactly one.</param>
internal sealed class SignerJudgement(OpeningContext context, AddrSpec? from, DateTimeOffset? date)
{
    /// <summary>Of all signers of all layers together: a stranger decides how many there are, and how large their keys.</summary>
    private readonly ValidationEffort _effort = new();

    public IReadOnlyList<SignerSummary> Judge(SignedContent content) =>
        content.Structure.Signers.Select(signer => Judge(signer, content)).ToList();

    /// <summary>Broken rather than merely not accepted.</summary>
    public static bool IsInvalid(SignerReason reason) => reason <= SignerReason.CertificateMissing;

    private SignerSummary Judge(SignerInfo signer, SignedContent content)
    {
        var (certificate, broken) = FindCertificate(signer, content);
        var addresses = certificate is null ? [] : MailAddresses.Of(certificate);
        var path = certificate is null || broken is not null ? null : PathValidator.Validate(certificate, context.Trust, content.Certificates, context.ReceivedAt, PathRequirements.Mail, _effort);
        var reasons = certificate is null
            ? [SignerReason.CertificateMissing]
            : broken is { } reason ? [reason] : Reasons(signer, certificate, path!, addresses).Distinct().ToList();
        return new SignerSummary(
            certificate,
            from is not null && addresses.Contains(from) ? from : addresses.Count > 0 ? addresses[0] : null,
            SigningTime(signer),
            reasons.Count == 0 ? SignerState.Valid : reasons.Exists(IsInvalid) ? SignerState.Invalid : SignerState.Untrusted,
            reasons,
            Attribute(signer, Oids.SmimeCapabilities) is { } capabilities ? SmimeCapabilities.Read(capabilities) : [],
            EncryptionCertificate(signer, content))
        {
            Path = path,
            Services = signer.SignedAttributes is { } attributes ? EnhancedServices.Read(attributes) : EnhancedServices.None,
            OriginatorSignature = OriginatorSignature(signer, content.Structure.ContentType),
            MessageSignatureDigest = Attribute(signer, Oids.MessageSignatureDigest) is { } digest ? Octets(digest) : null,
        };
    }

    // Several certificates may answer to one key identifier; the one that verifies is meant, of a renewed one the newer.
    private (X509Certificate2? Certificate, SignerReason? Broken) FindCertificate(SignerInfo signer, SignedContent content)
    {
        (X509Certificate2? Certificate, SignerReason? Broken) found = (null, null);
        foreach (var candidate in content.Certificates.Where(signer.Identifier.Names).OrderByDescending(IsCurrent))
        {
            if (!_effort.TryStep())
            {
                return (candidate, SignerReason.TooComplex);
            }

            // What it was made for is inside the signature, and what is shown stands beside it.
            var broken = content.Reason == MessageReason.ContentInDetachedSignature ? SignerReason.ContentAmbiguous : Verify(signer, content, candidate);
            if (broken is null)
            {
                return (candidate, null);
            }

            found = found.Certificate is null ? (candidate, broken) : found;
        }

        return found;
    }

    private bool IsCurrent(X509Certificate2 certificate) =>
        new DateTimeOffset(certificate.NotBefore) <= context.ReceivedAt && context.ReceivedAt <= new DateTimeOffset(certificate.NotAfter);

    private static OriginatorSignature? OriginatorSignature(SignerInfo signer, string contentType) =>
        signer.SignedAttributes is { } attributes && ContentDigests.Find(signer.DigestAlgorithm) is { } hash
            ? new OriginatorSignature(contentType, signer.Signature, CryptographicOperations.HashData(hash, attributes.Encoded))
            : null;

    private static ReadOnlyMemory<byte>? Octets(ReadOnlyMemory<byte> value) =>
        value.Span is [ContentInfo.OctetString, ..] ? new AsnReader(value, AsnEncodingRules.DER).ReadOctetString() : null;

    private IEnumerable<SignerReason> Reasons(
        SignerInfo signer,
        X509Certificate2 certificate,
        PathValidation path,
        IReadOnlyList<AddrSpec> addresses)
    {
        IEnumerable<SignerReason> weak = DigestAlgorithms.Find(signer.DigestAlgorithm) is null ? [SignerReason.WeakDigest] : [];
        return weak.Concat(SignerCertificateRules.Against(certificate, context.UnrestrictedCertificates))
            .Concat(AgainstPath(path))
            .Concat(AgainstAddress(addresses))
            .Concat(AgainstSigningTime(signer, certificate));
    }

    private SignerReason? Verify(SignerInfo signer, SignedContent content, X509Certificate2 certificate) =>
        SignatureVerification.Verify(
            signer,
            content.Structure,
            certificate,
            content.Certificates.Concat(context.Trust.Intermediates).Concat(context.Trust.Anchors.Select(anchor => anchor.Certificate)));

    private static IEnumerable<SignerReason> AgainstPath(PathValidation path) => path switch
    {
        PathValidation.Valid => [],
        PathValidation.Revoked => [SignerReason.Revoked],
        PathValidation.Invalid { Failure: var failure } => [Reason(failure)],
        _ => [SignerReason.PathInvalid],
    };

    private static SignerReason Reason(PathFailure failure) => failure switch
    {
        PathFailure.UnknownAuthority => SignerReason.UnknownAuthority,
        PathFailure.Expired => SignerReason.Expired,
        PathFailure.NotYetValid => SignerReason.NotYetValid,
        PathFailure.RevocationUnknown => SignerReason.RevocationUnknown,
        PathFailure.WeakAlgorithm => SignerReason.WeakKey,
        PathFailure.WrongUsage => SignerReason.WrongExtendedKeyUsage,
        PathFailure.SignatureBroken or PathFailure.Malformed or PathFailure.CriticalExtension or PathFailure.NotAnAuthority
            or PathFailure.PathLength or PathFailure.NameConstraints or PathFailure.Policy or PathFailure.TooComplex => SignerReason.PathInvalid,
    };

    private IEnumerable<SignerReason> AgainstAddress(IReadOnlyList<AddrSpec> addresses) =>
        from is not null && addresses.Contains(from) ? [] : [SignerReason.AddressMismatch];

    private IEnumerable<SignerReason> AgainstSigningTime(SignerInfo signer, X509Certificate2 certificate)
    {
        // RFC 5652 §11.3 leaves it out where it likes; without it nothing says that the certificate was valid then.
        if (SigningTime(signer) is not { } time)
        {
            yield return SignerReason.SigningTimeMissing;
            yield break;
        }

        if ((date is { } sent && (time - sent).Duration() > SigningProperties.LongestDelay) || time - context.ReceivedAt > SigningProperties.LongestDelay)
        {
            yield return SignerReason.SigningTimeImplausible;
        }

        if (time < new DateTimeOffset(certificate.NotBefore) || time > new DateTimeOffset(certificate.NotAfter))
        {
            yield return SignerReason.SigningTimeOutsideValidity;
        }
    }

    private static DateTimeOffset? SigningTime(SignerInfo signer)
    {
        try
        {
            return Attribute(signer, Oids.SigningTime) is { } value ? Time.Read(new AsnReader(value, AsnEncodingRules.DER)) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static X509Certificate2? EncryptionCertificate(SignerInfo signer, SignedContent content) =>
        Attribute(signer, Oids.EncryptionKeyPreference) is { } value && EncryptionKeyPreference.Read(value) is { } identifier
            ? content.Certificates.FirstOrDefault(identifier.Names)
            : null;

    private static ReadOnlyMemory<byte>? Attribute(SignerInfo signer, string type)
    {
        ReadOnlyMemory<byte>? value = null;
        return signer.SignedAttributes?.TryGetSingle(type, out value) == true ? value : null;
    }
}
