namespace Portal.Smime.Pkix;

/// <summary>Finds who signed a list, and whether he may: the issuer on the path, or someone with a path of his own to the same anchor (RFC 5280 §6.3.3 f).</summary>
/// <param name="pool">Where certificates come from.</param>
/// <param name="effort">Counted here.</param>
/// <param name="hasPath">Null while a CRL issuer's own path is validated: that needs no further one.</param>
internal sealed class CrlIssuers(CertificatePool pool, ValidationEffort effort, Func<ParsedCertificate, TrustAnchor, bool>? hasPath)
{
    private readonly Dictionary<(RevocationList List, ParsedCertificate Issuer), ParsedCertificate?> _found = [];

    /// <returns>Null when nobody is found that may have.</returns>
    public ParsedCertificate? Find(RevocationList list, ParsedCertificate issuer, TrustAnchor anchor)
    {
        if (!_found.TryGetValue((list, issuer), out var signer))
        {
            signer = Search(list, issuer, anchor);
            _found[(list, issuer)] = signer;
        }

        return signer;
    }

    private ParsedCertificate? Search(RevocationList list, ParsedCertificate issuer, TrustAnchor anchor)
    {
        if (list.IsSignedBy(issuer, effort))
        {
            return issuer;
        }

        return hasPath is null ? null : pool.Named(list.IssuerName, list.AuthorityKeyIdentifier)
            .Select(candidate => candidate.Certificate)
            .FirstOrDefault(candidate => !candidate.IsSame(issuer)
                && list.IsSignedBy(candidate, effort)
                && (!candidate.Subject.Equals(issuer.Subject) || IsSameAuthority(candidate, issuer))
                && hasPath(candidate, anchor));
    }

    // Another key under the authority's own name: certified by whoever certified the authority, or one of the two by the other.
    // Any other authority below the same anchor could otherwise lift the revocations of this one by borrowing its name.
    private bool IsSameAuthority(ParsedCertificate candidate, ParsedCertificate issuer) =>
        candidate.Issuer.Equals(issuer.Issuer)
        || (candidate.IsSelfIssued && candidate.VerifyWith(issuer, effort) == SignatureOutcome.Right)
        || (issuer.IsSelfIssued && issuer.VerifyWith(candidate, effort) == SignatureOutcome.Right);
}
