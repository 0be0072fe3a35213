using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>The outcome for one certificate at one instant (RFC 5280 §6).</summary>
public abstract record PathValidation
{
    private PathValidation()
    {
    }

    /// <param name="Anchor">Where the path ends.</param>
    /// <param name="Path">From the certificate up to and including the anchor's.</param>
    public sealed record Valid(TrustAnchor Anchor, IReadOnlyList<X509Certificate2> Path) : PathValidation;

    public sealed record Invalid(PathFailure Failure) : PathValidation;

    /// <param name="Certificate">The one on the path that was revoked.</param>
    /// <param name="Entry">What the list says of it.</param>
    public sealed record Revoked(X509Certificate2 Certificate, RevokedCertificate Entry) : PathValidation;
}

public enum PathFailure
{
    /// <summary>No path leads to one of our anchors.</summary>
    UnknownAuthority,

    Expired,
    NotYetValid,

    /// <summary>A required list is missing, stale, unreadable or not signed by the issuer.</summary>
    RevocationUnknown,

    /// <summary>A key or signature algorithm on the path is too weak, or unknown.</summary>
    WeakAlgorithm,

    /// <summary>Extended key usage, here or above, excludes emailProtection.</summary>
    WrongUsage,

    /// <summary>Constraints, usages, critical extensions, signatures.</summary>
    Refused,
}
