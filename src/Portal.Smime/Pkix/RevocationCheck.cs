using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Looks a path up in the revocation lists at hand (RFC 5280 §6.3, complete and direct lists only).</summary>
internal static class RevocationCheck
{
    /// <returns>Null when nothing stands against the path.</returns>
    public static PathValidation? Against(
        IReadOnlyList<X509Certificate2> path,
        RevocationPolicy policy,
        IReadOnlyList<RevocationList> lists,
        DateTimeOffset at)
    {
        for (var index = 0; index + 1 < path.Count; index++)
        {
            if (Against(path[index], path[index + 1], policy, lists, at) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private static PathValidation? Against(
        X509Certificate2 certificate,
        X509Certificate2 issuer,
        RevocationPolicy policy,
        IReadOnlyList<RevocationList> lists,
        DateTimeOffset at)
    {
        var verified = lists.Where(list => list.IsSignedBy(issuer)).OrderByDescending(list => list.ThisUpdate).ToList();
        foreach (var list in verified)
        {
            // A hold may be lifted by a later list (RFC 5280 §5.3.1); any other revocation is for ever.
            if (list.Find(certificate.SerialNumberBytes.Span) is { } entry
                && entry.RevokedAt <= at
                && (entry.Reason != CrlReason.CertificateHold || list == verified[0]))
            {
                return new PathValidation.Revoked(certificate, entry);
            }
        }

        return policy == RevocationPolicy.NotPublished || verified.Exists(list => SaysGood(list, certificate, at))
            ? null
            : new PathValidation.Invalid(PathFailure.RevocationUnknown);
    }

    // A list from after the instant tells about it as well, unless the certificate may have been dropped from it by then.
    private static bool SaysGood(RevocationList list, X509Certificate2 certificate, DateTimeOffset at) =>
        list.NextUpdate >= at && list.ThisUpdate <= new DateTimeOffset(certificate.NotAfter);
}
