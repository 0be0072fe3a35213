using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Finds and validates a certification path, offline (RFC 5280 §6, updated by RFC 6818, RFC 9598 and RFC 9618).</summary>
public static class PathValidator
{
    /// <summary>For mail.</summary>
    /// <inheritdoc cref="Validate(X509Certificate2, TrustStore, IReadOnlyList{X509Certificate2}, DateTimeOffset, PathRequirements)"/>
    public static PathValidation Validate(
        X509Certificate2 certificate,
        TrustStore trust,
        IReadOnlyList<X509Certificate2> further,
        DateTimeOffset at) =>
        Validate(certificate, trust, further, at, PathRequirements.Mail);

    /// <param name="certificate">Whose path.</param>
    /// <param name="trust">All that is known.</param>
    /// <param name="further">Certificates of unknown origin that may stand between, from the message itself.</param>
    /// <param name="at">The instant that is judged.</param>
    /// <param name="requirements">What the path has to be good for.</param>
    public static PathValidation Validate(
        X509Certificate2 certificate,
        TrustStore trust,
        IReadOnlyList<X509Certificate2> further,
        DateTimeOffset at,
        PathRequirements requirements) =>
        Validate(certificate, trust, further, at, requirements, new ValidationEffort());

    internal static PathValidation Validate(
        X509Certificate2 certificate,
        TrustStore trust,
        IReadOnlyList<X509Certificate2> further,
        DateTimeOffset at,
        PathRequirements requirements,
        ValidationEffort effort) =>
        ParsedCertificate.Of(certificate) is { } target
            ? new PathSearch(new CertificatePool(trust, further), trust, requirements, at, effort).Run(target)
            : new PathValidation.Invalid(PathFailure.Malformed) { Certificate = certificate };
}
