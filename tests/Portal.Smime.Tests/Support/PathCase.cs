using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

/// <summary>One certificate, what is known around it, and what has to come out.</summary>
internal sealed record PathCase(string Name, X509Certificate2 Target)
{
    public IReadOnlyList<Holder> Anchors { get; init; } = [];

    public IReadOnlyList<Holder> Between { get; init; } = [];

    public IReadOnlyList<byte[]> Lists { get; init; } = [];

    public PathRequirements Requirements { get; init; } = PathRequirements.Mail;

    public DateTimeOffset At { get; init; } = Pki.Now;

    /// <summary>Null when the path is valid, or revoked.</summary>
    public PathFailure? Failure { get; init; }

    public bool IsRevoked { get; init; }

    /// <summary>Why openssl may say otherwise; null when it must not.</summary>
    public string? Difference { get; init; }

    public TrustStore Trust => new(
        Anchors.Select(anchor => new TrustAnchor(anchor.Certificate, Lists.Count > 0 ? RevocationPolicy.Required : RevocationPolicy.NotPublished)).ToList(),
        Between.Select(one => one.Certificate).ToList(),
        Lists.Select(Parse).OfType<RevocationList>().ToList());

    public PathValidation Validate() => PathValidator.Validate(Target, Trust, [], At, Requirements);

    public override string ToString() => Name;

    private static RevocationList? Parse(byte[] der) => RevocationList.TryParse(der, out var list) ? list : null;
}
