using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <param name="Id">The authority.</param>
/// <param name="Standing">What was decided, if anything was.</param>
/// <param name="Name">Its common name; the whole subject where it has none.</param>
/// <param name="Subject">The whole of it.</param>
/// <param name="Fingerprint">SHA-256, hexadecimal.</param>
/// <param name="SignedBy">The subjects of those above it, as far as they are known; none for one that signed itself.</param>
/// <param name="NotAfter">Until when its certificate is valid.</param>
/// <param name="Terms">How far it is trusted; while it waits, what its certificates suggest.</param>
/// <param name="NextUpdate">Until when the list that was given by hand is fresh; null when there is none.</param>
/// <param name="SenderDomain">Of the last sender who signed under it.</param>
/// <param name="Seen">Messages signed under it while it waited.</param>
/// <param name="LastSeenAt">When the last of them came; when it was added, if none did.</param>
/// <param name="DecidedAt">Null while it waits.</param>
public sealed record ForeignAuthorityView(
    ForeignAuthorityId Id,
    AuthorityStanding Standing,
    string Name,
    string Subject,
    string Fingerprint,
    IReadOnlyList<string> SignedBy,
    DateTimeOffset NotAfter,
    TrustTerms Terms,
    DateTimeOffset? NextUpdate,
    string? SenderDomain,
    int Seen,
    DateTimeOffset LastSeenAt,
    DateTimeOffset? DecidedAt)
{
    internal static ForeignAuthorityView Of(ForeignAuthority row)
    {
        var certificate = SharedCertificates.Load(row.Encoded);
        var list = row.RevocationList is { } encoded && RevocationList.TryParse(encoded, out var parsed) ? parsed : null;
        return new ForeignAuthorityView(
            row.Id,
            row.Standing,
            PlainText.Line(certificate.DisplayName()),
            PlainText.Line(certificate.Subject),
            row.Fingerprint,
            FetchedFiles.Certificates(row.Above).Select(one => PlainText.Line(one.Subject)).ToList(),
            new DateTimeOffset(certificate.NotAfter).ToUniversalTime(),
            row.Terms,
            list?.NextUpdate,
            row.SenderDomain,
            row.Seen,
            row.LastSeenAt,
            row.DecidedAt);
    }
}

public abstract record TrustAdding
{
    public sealed record Added(ForeignAuthorityView Authority) : TrustAdding;

    /// <summary>Not one certificate in PEM or DER.</summary>
    public sealed record NoCertificate : TrustAdding;

    /// <summary>A certificate, but of nobody who may issue any.</summary>
    public sealed record NoAuthority : TrustAdding;

    /// <summary>Not a revocation list, or one that this authority did not sign.</summary>
    public sealed record WrongRevocationList : TrustAdding;

    /// <summary>A name that is no domain, or too many of them.</summary>
    public sealed record WrongDomains : TrustAdding;

    /// <summary>It is the organisation's own.</summary>
    public sealed record OwnAuthority : TrustAdding;
}

public abstract record TrustDeciding
{
    public sealed record Decided : TrustDeciding;

    public sealed record Unknown : TrustDeciding;

    /// <summary>A name that is no domain, or too many of them.</summary>
    public sealed record WrongDomains : TrustDeciding;

    /// <summary>Nobody has seen the authority above.</summary>
    public sealed record NothingAbove : TrustDeciding;
}

public abstract record TrustRemoving
{
    public sealed record Removed(string Subject, string Fingerprint) : TrustRemoving;

    public sealed record Unknown : TrustRemoving;

    /// <summary>More than one fingerprint begins like that.</summary>
    public sealed record Several : TrustRemoving;
}
