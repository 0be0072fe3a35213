namespace Portal.Smime.Pkix;

/// <summary>Looks a certificate up in the OCSP responses at hand (RFC 6960 §3.2, §4.2.2.2).</summary>
/// <param name="responses">Of whatever responder.</param>
/// <param name="at">The instant that is judged.</param>
/// <param name="lists">Where a responder may have been revoked.</param>
/// <param name="effort">Counted here.</param>
internal sealed class OcspCheck(IReadOnlyList<OcspResponse> responses, DateTimeOffset at, RevocationListCheck lists, ValidationEffort effort)
{
    /// <param name="certificate">Whose revocation.</param>
    /// <param name="issuer">The one above it on the path.</param>
    /// <param name="anchor">Where the path ends.</param>
    public RevocationFinding Of(ParsedCertificate certificate, ParsedCertificate issuer, TrustAnchor anchor)
    {
        if (responses.Count == 0)
        {
            return default;
        }

        var newestFirst = responses
            .SelectMany(response => response.Responses.Select(single => (Response: response, Single: single)))
            .Where(one => one.Single.CertificateId.Names(certificate, issuer) && IsAuthorised(one.Response, issuer, anchor))
            .Select(one => (one.Single, one.Response))
            .OrderByDescending(one => one.Single.ThisUpdate)
            .ToList();
        var revoked = newestFirst
            .Where((one, index) => IsRevoked(one.Single, isNewest: index == 0))
            .Select(one => Entry(certificate, (OcspCertificateStatus.Revoked)one.Single.Status))
            .FirstOrDefault();
        var good = newestFirst.Count > 0 && SaysGood(newestFirst[0].Single, newestFirst[0].Response.ProducedAt, certificate)
            ? new RevocationEvidence(certificate.Certificate, RevocationSource.OcspResponse, newestFirst[0].Single.ThisUpdate) { Encoded = [newestFirst[0].Response.Encoded] }
            : null;
        return new RevocationFinding(revoked, good);
    }

    private bool IsRevoked(SingleOcspResponse single, bool isNewest) =>
        single.Status is OcspCertificateStatus.Revoked revoked
        && revoked.At <= at
        && (revoked.Reason != CrlReason.CertificateHold || isNewest);

    // Without nextUpdate there may be something newer at any time, so only an answer from after the instant tells about it.
    private bool SaysGood(SingleOcspResponse single, DateTimeOffset producedAt, ParsedCertificate certificate) =>
        single.Status is OcspCertificateStatus.Good
        && (single.NextUpdate ?? single.ThisUpdate) >= at
        && single.ThisUpdate <= producedAt
        && single.ThisUpdate <= certificate.NotAfter;

    private static RevokedCertificate Entry(ParsedCertificate certificate, OcspCertificateStatus.Revoked revoked) =>
        new(certificate.SerialNumber, revoked.At, revoked.Reason);

    private bool IsAuthorised(OcspResponse response, ParsedCertificate issuer, TrustAnchor anchor) =>
        response.IsSignedBy(issuer, effort)
        || response.Certificates.Any(responder => IsDelegate(responder, response.ProducedAt, issuer, anchor) && response.IsSignedBy(responder, effort));

    // RFC 6960 §4.2.2.2: issued directly, by the authority whose certificates it answers for, and for this purpose.
    private bool IsDelegate(ParsedCertificate responder, DateTimeOffset producedAt, ParsedCertificate issuer, TrustAnchor anchor) =>
        responder.Issuer.Equals(issuer.Subject)
        && responder.Extensions.ExtendedKeyUsage?.Contains(Oids.OcspSigning) == true
        && responder.Extensions.MayUse(KeyUsages.DigitalSignature | KeyUsages.NonRepudiation)
        && PathProcessing.OfCertificate(responder, PathPurpose.Any, producedAt) is null
        && (at <= producedAt || at <= responder.NotAfter)
        && responder.VerifyWith(issuer, effort) == SignatureOutcome.Right
        && (responder.Extensions.IsOcspNoCheck || lists.Of(responder, issuer, anchor).Revoked is null);
}
