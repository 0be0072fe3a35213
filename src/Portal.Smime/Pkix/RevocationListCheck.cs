namespace Portal.Smime.Pkix;

/// <summary>Looks a certificate up in the revocation lists at hand (RFC 5280 §6.3).</summary>
/// <param name="lists">Of whatever issuer.</param>
/// <param name="at">The instant that is judged.</param>
/// <param name="signers">Who may have signed them.</param>
internal sealed class RevocationListCheck(IReadOnlyList<RevocationList> lists, DateTimeOffset at, CrlIssuers signers)
{
    /// <param name="certificate">Whose revocation.</param>
    /// <param name="issuer">The one above it on the path.</param>
    /// <param name="anchor">Where the path ends.</param>
    public RevocationFinding Of(ParsedCertificate certificate, ParsedCertificate issuer, TrustAnchor anchor)
    {
        var usable = new List<UsableList>();
        foreach (var list in lists)
        {
            var reasons = Reasons(list, certificate);
            if (reasons != ReasonFlags.None && signers.Find(list, issuer, anchor) is { } signer)
            {
                usable.Add(new UsableList(list, reasons, signer));
            }
        }

        var revoked = default(RevokedCertificate);
        var good = new List<RevocationList>();
        var covered = ReasonFlags.None;
        foreach (var scope in usable.GroupBy(one => one.Scope))
        {
            var newestFirst = scope.OrderByDescending(one => one.List.ThisUpdate).ToList();
            revoked ??= FindRevoked(newestFirst, certificate);
            covered |= FindGood(newestFirst, certificate, good);
        }

        return new RevocationFinding(revoked, covered == ReasonFlags.All ? Evidence(certificate, good) : null);
    }

    // Through every distribution point of the certificate, and the implied one of its issuer.
    private static ReasonFlags Reasons(RevocationList list, ParsedCertificate certificate)
    {
        var reasons = list.Scope.Covers(DistributionPoint.OfIssuer(certificate.Issuer), certificate, list.IssuerName);
        foreach (var point in certificate.Extensions.DistributionPoints)
        {
            reasons |= list.Scope.Covers(point, certificate, list.IssuerName);
        }

        return reasons;
    }

    // A hold may be lifted later (RFC 5280 §5.3.1); any other revocation is for ever.
    private RevokedCertificate? FindRevoked(List<UsableList> newestFirst, ParsedCertificate certificate)
    {
        foreach (var (list, _, _) in newestFirst)
        {
            if (list.Find(certificate) is { } entry
                && entry.RevokedAt <= at
                && !(list.IsDelta && entry.Reason == CrlReason.RemoveFromCrl)
                && !(entry.Reason == CrlReason.CertificateHold && IsLifted(list, newestFirst, certificate)))
            {
                return entry;
            }
        }

        return null;
    }

    // By a later complete list, which would repeat it, or by a later delta that says so (RFC 5280 §5.2.4).
    private static bool IsLifted(RevocationList held, List<UsableList> newestFirst, ParsedCertificate certificate) =>
        newestFirst.Exists(one => one.List.IsDelta
            ? one.List.ThisUpdate >= held.ThisUpdate && one.List.Find(certificate) is { Reason: CrlReason.RemoveFromCrl }
            : one.List.ThisUpdate > held.ThisUpdate);

    private static RevocationEvidence Evidence(ParsedCertificate certificate, List<RevocationList> good)
    {
        var used = good.Distinct().ToList();
        var newest = used.Find(one => one.IsDelta) ?? used[0];
        return new RevocationEvidence(certificate.Certificate, newest.IsDelta ? RevocationSource.DeltaList : RevocationSource.RevocationList, newest.ThisUpdate)
        {
            Encoded = used.ConvertAll(one => one.Encoded),
        };
    }

    private ReasonFlags FindGood(List<UsableList> newestFirst, ParsedCertificate certificate, List<RevocationList> good)
    {
        var covered = ReasonFlags.None;
        foreach (var complete in newestFirst.Where(one => !one.List.IsDelta))
        {
            var delta = SaysGood(complete.List, certificate) ? null : newestFirst.Find(one => Completes(one, complete) && SaysGood(one.List, certificate));
            var told = delta is not null ? complete.Reasons & delta.Reasons : SaysGood(complete.List, certificate) ? complete.Reasons : ReasonFlags.None;
            if ((covered | told) != covered)
            {
                covered |= told;
                good.AddRange(delta is null ? [complete.List] : [complete.List, delta.List]);
            }
        }

        return covered;
    }

    // RFC 5280 §5.2.4: same scope, same key, and no gap between the two.
    private static bool Completes(UsableList delta, UsableList complete) =>
        delta.List.IsDelta
        && delta.List.BaseNumber <= complete.List.Number
        && complete.List.Number < delta.List.Number
        && delta.Signer.KeyHash == complete.Signer.KeyHash;

    // A list from after the instant tells about it as well, unless the certificate may have been dropped from it by then.
    private bool SaysGood(RevocationList list, ParsedCertificate certificate) =>
        list.NextUpdate >= at && list.ThisUpdate <= certificate.NotAfter;

    private sealed record UsableList(RevocationList List, ReasonFlags Reasons, ParsedCertificate Signer)
    {
        public (DistinguishedName Issuer, ContentHash Scope) Scope => (List.IssuerName, ContentHash.Of(List.ScopeEncoded.Span));
    }
}
