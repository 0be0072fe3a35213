using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

/// <param name="Revocation">Of the certificate: revocation-list, delta-list, ocsp-response, not-published, revoked or unknown.</param>
internal sealed record PathCertificateReport(string Subject, string Issuer, string SerialNumber, string Sha256, string Revocation);

/// <param name="Reason">What the path failed, or revoked.</param>
/// <param name="Failed">Subject of the certificate that failed it, the signer's or one above; null when none could be read.</param>
internal sealed record PathProblemReport(string Reason, string? Failed)
{
    public static PathProblemReport? Of(OpeningStep step) => step is { PathFailure: null, FailedCertificate: null }
        ? null
        : new PathProblemReport(step.PathFailure is { } failure ? Kebab.Of(failure) : "revoked", step.FailedCertificate?.Subject);
}

/// <param name="Path">Subjects, from the certificate up, as far as this attempt came.</param>
/// <param name="Failed">Subject of the certificate that failed; null when nothing was found above the last one.</param>
/// <param name="Reason">What it failed.</param>
internal sealed record AttemptReport(IReadOnlyList<string> Path, string? Failed, string Reason);

/// <summary>What `portal smime certificate check --json` says.</summary>
/// <param name="Valid">A path holds.</param>
/// <param name="Result">valid, invalid or revoked.</param>
/// <param name="Reason">The best attempt's; null when valid.</param>
/// <param name="Failed">Subject of the certificate that failed it.</param>
/// <param name="At">The instant that was judged.</param>
/// <param name="Revocation">not-published or required, for all anchors.</param>
/// <param name="Certificate">The one in question.</param>
/// <param name="Path">From the certificate to the anchor; none unless valid.</param>
/// <param name="AuthorityPolicies">Policies that the authorities vouch for.</param>
/// <param name="Policies">Those of them that were asked for.</param>
/// <param name="Attempts">Paths that were tried and did not hold.</param>
internal sealed record PathReport(
    bool Valid,
    string Result,
    string? Reason,
    string? Failed,
    DateTimeOffset At,
    string Revocation,
    CertificateReport Certificate,
    IReadOnlyList<PathCertificateReport> Path,
    IReadOnlyList<string> AuthorityPolicies,
    IReadOnlyList<string> Policies,
    IReadOnlyList<AttemptReport> Attempts)
{
    public static PathReport Of(X509Certificate2 certificate, PathValidation validation, bool revocationRequired, DateTimeOffset at)
    {
        var valid = validation as PathValidation.Valid;
        var (result, reason, failed) = validation switch
        {
            PathValidation.Valid => ("valid", null, null),
            PathValidation.Revoked revoked => ("revoked", Kebab.Of(revoked.Entry.Reason), revoked.Certificate.Subject),
            PathValidation.Invalid invalid => ("invalid", Kebab.Of(invalid.Failure), invalid.Certificate?.Subject),
            _ => throw new InvalidOperationException("A path is valid, invalid or revoked."),
        };
        return new PathReport(
            valid is not null,
            result,
            reason,
            failed,
            at.ToUniversalTime(),
            revocationRequired ? "required" : "not-published",
            CertificateReport.Of(certificate),
            valid?.Path.Select(one => Of(one, valid)).ToList() ?? [],
            valid?.AuthorityConstrainedPolicies.Order(StringComparer.Ordinal).ToList() ?? [],
            valid?.UserConstrainedPolicies.Order(StringComparer.Ordinal).ToList() ?? [],
            validation.Attempts.Select(Of).ToList());
    }

    public IEnumerable<string> Lines()
    {
        yield return Valid ? "Valid." : $"{(Result == "revoked" ? "Revoked" : "Not valid")}: {Reason}{(Failed is null ? string.Empty : $" ({Failed})")}";
        foreach (var one in Path)
        {
            yield return $"  {one.Subject}, revocation: {one.Revocation}";
        }

        foreach (var attempt in Attempts)
        {
            yield return $"Tried {string.Join(" <- ", attempt.Path)}: {attempt.Reason}{(attempt.Failed is null ? string.Empty : $" at {attempt.Failed}")}";
        }

        if (Valid)
        {
            yield return $"Policies: {(Policies.Count == 0 ? "none" : string.Join(", ", Policies))}";
        }
    }

    private static AttemptReport Of(PathAttempt attempt) => new(
        attempt.Path.Select(one => one.Subject).ToList(),
        attempt.Certificate?.Subject,
        attempt.Failure is { } failure ? Kebab.Of(failure) : "revoked");

    private static PathCertificateReport Of(X509Certificate2 certificate, PathValidation.Valid valid)
    {
        var evidence = valid.Revocation.FirstOrDefault(one => one.Certificate.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));
        return new PathCertificateReport(
            certificate.Subject,
            certificate.Issuer,
            certificate.SerialNumber,
            certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256),
            evidence is null || evidence.Source == RevocationSource.None ? "not-published" : Kebab.Of(evidence.Source));
    }
}
