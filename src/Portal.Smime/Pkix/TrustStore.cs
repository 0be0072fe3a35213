using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

public enum RevocationPolicy
{
    /// <summary>A fresh revocation list or OCSP response must say good for every certificate of the path; silence is not good.</summary>
    Required,

    /// <summary>The anchor's authorities publish no lists.</summary>
    NotPublished,
}

/// <param name="Certificate">Of an authority that we trust by decision, whether it signed itself or another did.</param>
/// <param name="Revocation">What the paths below it must prove.</param>
public sealed record TrustAnchor(X509Certificate2 Certificate, RevocationPolicy Revocation)
{
    /// <summary>Mail domains that it may vouch for, those below them included: A-labels, lower case. None for any.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];
}

/// <param name="Certificate">Whoever trusts has taken it back, whatever its authority says of it.</param>
/// <param name="At">Since when.</param>
/// <param name="Reason">Why.</param>
public sealed record DisownedCertificate(X509Certificate2 Certificate, DateTimeOffset At, CrlReason Reason);

/// <summary>Everything that path validation may look at, brought here beforehand: nothing is fetched.</summary>
public sealed record TrustStore(
    IReadOnlyList<TrustAnchor> Anchors,
    IReadOnlyList<X509Certificate2> Intermediates,
    IReadOnlyList<RevocationList> RevocationLists)
{
    public static TrustStore Empty { get; } = new([], [], []);

    /// <summary>Of whatever responder; one that may not speak for an issuer is not listened to.</summary>
    public IReadOnlyList<OcspResponse> OcspResponses { get; init; } = [];

    /// <summary>Revoked without a list that says so.</summary>
    public IReadOnlyList<DisownedCertificate> Disowned { get; init; } = [];
}
