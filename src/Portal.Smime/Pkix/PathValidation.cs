using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>The outcome for one certificate at one instant (RFC 5280 §6).</summary>
public abstract record PathValidation
{
    private PathValidation()
    {
    }

    /// <summary>Every path that was tried and failed, in the order of trying; at most 20.</summary>
    public IReadOnlyList<PathAttempt> Attempts { get; init; } = [];

    /// <param name="Anchor">Where the path ends.</param>
    /// <param name="Path">From the certificate up to and including the anchor's.</param>
    public sealed record Valid(TrustAnchor Anchor, IReadOnlyList<X509Certificate2> Path) : PathValidation
    {
        /// <summary>Object identifiers in the anchor's domain; anyPolicy when all are meant.</summary>
        public IReadOnlyList<string> AuthorityConstrainedPolicies { get; init; } = [];

        /// <summary>Of these, the ones that were asked for (the user-constrained set of RFC 5280 §6.1.6).</summary>
        public IReadOnlyList<string> UserConstrainedPolicies { get; init; } = [];

        /// <summary>One for each certificate of the path below the anchor, in its order.</summary>
        public IReadOnlyList<RevocationEvidence> Revocation { get; init; } = [];
    }

    /// <param name="Failure">Of the attempt that came furthest.</param>
    public sealed record Invalid(PathFailure Failure) : PathValidation
    {
        /// <summary>The one that failed; null when none could be read.</summary>
        public X509Certificate2? Certificate { get; init; }
    }

    /// <param name="Certificate">The one on the path that was revoked.</param>
    /// <param name="Entry">What the list or response says of it.</param>
    public sealed record Revoked(X509Certificate2 Certificate, RevokedCertificate Entry) : PathValidation;
}

/// <param name="Path">From the certificate as far up as it went.</param>
/// <param name="Certificate">The one that failed.</param>
/// <param name="Failure">Null when it was revoked.</param>
public sealed record PathAttempt(IReadOnlyList<X509Certificate2> Path, X509Certificate2 Certificate, PathFailure? Failure);

public enum PathFailure
{
    /// <summary>No path leads to one of our anchors.</summary>
    UnknownAuthority,

    /// <summary>The signature does not verify with the key of the authority that it names.</summary>
    SignatureBroken,

    /// <summary>A certificate that cannot be read, or has an extension twice or unreadable.</summary>
    Malformed,

    Expired,
    NotYetValid,

    /// <summary>Neither list nor response that is required: missing, stale, of other reasons, or not signed by whom it should be.</summary>
    RevocationUnknown,

    /// <summary>A key or signature algorithm on the path is too weak, or unknown.</summary>
    WeakAlgorithm,

    /// <summary>Extended key usage, here or above, excludes emailProtection.</summary>
    WrongUsage,

    /// <summary>An extension that is critical and that we do not process.</summary>
    CriticalExtension,

    /// <summary>basicConstraints or keyUsage say that it issues no certificates.</summary>
    NotAnAuthority,

    /// <summary>More authorities than a pathLenConstraint above allows.</summary>
    PathLength,

    /// <summary>A name that an authority above may not vouch for.</summary>
    NameConstraints,

    /// <summary>Valid for no policy that is required (RFC 5280 §6.1.3 f, §6.1.5 g).</summary>
    Policy,

    /// <summary>More certificates, paths or names than are worth trying.</summary>
    TooComplex,
}
