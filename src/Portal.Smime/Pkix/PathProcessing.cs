namespace Portal.Smime.Pkix;

/// <param name="Failure">Null when the path is right.</param>
/// <param name="Index">Of the certificate that failed; 0 is the one that is validated.</param>
/// <param name="Policies">As far as they were processed.</param>
internal sealed record PathProcessingOutcome(PathFailure? Failure, int Index, PolicyProcessing Policies);

/// <summary>
/// RFC 5280 §6.1 for one path whose signatures and names have been found to fit. What the anchor's certificate says of itself
/// holds too, its policies aside (RFC 5937), and the domains that it was limited to; that it is signed is nobody's business.
/// </summary>
internal static class PathProcessing
{
    /// <param name="path">From the certificate up to and including the anchor.</param>
    /// <param name="anchor">Whose certificate ends it.</param>
    /// <param name="requirements">As asked.</param>
    /// <param name="at">The instant that is judged.</param>
    /// <param name="effort">Counted here.</param>
    public static PathProcessingOutcome Process(
        IReadOnlyList<ParsedCertificate> path,
        TrustAnchor anchor,
        PathRequirements requirements,
        DateTimeOffset at,
        ValidationEffort effort)
    {
        var names = new NameProcessing(effort);
        var policies = new PolicyProcessing(requirements, path.Count - 1);
        var remaining = int.MaxValue;
        for (var index = path.Count - 1; index >= 0; index--)
        {
            var certificate = path[index];
            var isAnchor = index == path.Count - 1;
            var failure = OfCertificate(certificate, requirements.Purpose, at)
                ?? (index == 0 ? null : OfAuthority(certificate, isAnchor, ref remaining))
                ?? (isAnchor ? null : names.Against(certificate, isTarget: index == 0));
            if (failure is null && !isAnchor && !policies.TryAccept(certificate, isTarget: index == 0))
            {
                failure = PathFailure.Policy;
            }

            if (failure is not null)
            {
                return new PathProcessingOutcome(failure, index, policies);
            }

            names.Add(certificate);
        }

        if (anchor.Domains.Count > 0 && !MailAddresses.Of(path[0].Certificate).All(address => IsWithin(address, anchor.Domains)))
        {
            return new PathProcessingOutcome(PathFailure.NameConstraints, 0, policies);
        }

        return new PathProcessingOutcome(null, 0, policies);
    }

    /// <summary>What every certificate has to fulfil, wherever it stands.</summary>
    public static PathFailure? OfCertificate(ParsedCertificate certificate, PathPurpose purpose, DateTimeOffset at)
    {
        if (certificate.IsMalformed)
        {
            return PathFailure.Malformed;
        }

        if (certificate.Extensions.HasUnknownCritical)
        {
            return PathFailure.CriticalExtension;
        }

        if (at > certificate.NotAfter || at < certificate.NotBefore)
        {
            return at > certificate.NotAfter ? PathFailure.Expired : PathFailure.NotYetValid;
        }

        if (certificate.Strength != KeyStrength.Acceptable)
        {
            return PathFailure.WeakAlgorithm;
        }

        return purpose == PathPurpose.Email && !MayProtectMail(certificate) ? PathFailure.WrongUsage : null;
    }

    private static bool IsWithin(AddrSpec address, IReadOnlyList<string> domains) => domains.Any(
        domain => address.Domain.EndsWith(domain, StringComparison.Ordinal) && (address.Domain.Length == domain.Length || address.Domain[^(domain.Length + 1)] == '.'));

    // RFC 8550 §4.4.4, and for authorities the practice of all: what they may not do, nobody below them may.
    private static bool MayProtectMail(ParsedCertificate certificate) =>
        certificate.Extensions.ExtendedKeyUsage is not { } purposes
        || purposes.Contains(Oids.EmailProtection)
        || purposes.Contains(Oids.AnyExtendedKeyUsage);

    // §6.1.4 k to n. An anchor before version 3 cannot say that it is an authority; we say so.
    private static PathFailure? OfAuthority(ParsedCertificate certificate, bool isAnchor, ref int remaining)
    {
        if (!certificate.IsAuthority && !(isAnchor && certificate.Version < 3))
        {
            return PathFailure.NotAnAuthority;
        }

        if (!certificate.Extensions.MayUse(KeyUsages.KeyCertSign))
        {
            return PathFailure.NotAnAuthority;
        }

        if (!isAnchor && !certificate.IsSelfIssued && remaining-- == 0)
        {
            return PathFailure.PathLength;
        }

        remaining = Math.Min(remaining, certificate.Extensions.BasicConstraints?.PathLength ?? int.MaxValue);
        return null;
    }
}
