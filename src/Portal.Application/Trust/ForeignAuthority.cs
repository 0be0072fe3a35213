using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

public enum AuthorityStanding
{
    /// <summary>Somebody has signed under it, and no administrator has looked at it.</summary>
    Waiting,

    Trusted,
    Refused,
}

[Flags]
public enum TrustPurpose
{
    /// <summary>Signatures below it can be valid.</summary>
    Signatures = 1,

    /// <summary>Mail can be encrypted for certificates below it.</summary>
    Encryption = 2,

    Both = Signatures | Encryption,
}

/// <summary>How far an authority is trusted.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="RevocationRequired">Whether every certificate below it needs a fresh list or answer that says good; otherwise it publishes none.</param>
/// <param name="Domains">Mail domains that it may vouch for, those below them included; none for any.</param>
public sealed record TrustTerms(TrustPurpose Purpose, bool RevocationRequired, IReadOnlyList<string> Domains);

/// <summary>An authority of others that an organisation knows: trusted, refused, or waiting for a decision.</summary>
internal sealed class ForeignAuthority : IOwned
{
    public const int LongestDomains = 2000;

    private ForeignAuthority()
    {
    }

    public ForeignAuthority(OrganisationId organisation, X509Certificate2 certificate, DateTimeOffset now)
    {
        Id = ForeignAuthorityId.New();
        OrganisationId = organisation;
        Encoded = certificate.RawData;
        Fingerprint = FingerprintOf(certificate);
        FirstSeenAt = now;
        LastSeenAt = now;
    }

    public ForeignAuthorityId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public byte[] Encoded { get; private set; } = [];

    /// <summary>SHA-256, hexadecimal.</summary>
    public string Fingerprint { get; private set; } = string.Empty;

    public AuthorityStanding Standing { get; private set; }

    public TrustPurpose Purpose { get; private set; } = TrustPurpose.Both;

    /// <summary>Separated by blanks.</summary>
    public string Domains { get; private set; } = string.Empty;

    public RevocationPolicy Revocation { get; private set; } = RevocationPolicy.Required;

    /// <summary>That an administrator gave us; what is fetched is elsewhere.</summary>
    public byte[]? RevocationList { get; private set; }

    /// <summary>Those above it, as messages brought them: DER, one behind the other.</summary>
    public byte[] Above { get; private set; } = [];

    /// <summary>Domain of the sender who was the last to sign under it.</summary>
    public string? SenderDomain { get; private set; }

    /// <summary>Messages that were signed under it while it waited.</summary>
    public int Seen { get; private set; }

    public DateTimeOffset FirstSeenAt { get; private set; }

    public DateTimeOffset LastSeenAt { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    public static string FingerprintOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    public TrustTerms Terms => new(Purpose, Revocation == RevocationPolicy.Required, Domains.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public TrustAnchor Anchor => new(SharedCertificates.Load(Encoded), Revocation) { Domains = Terms.Domains };

    public void SeeAgain(byte[] above, string? senderDomain, DateTimeOffset now) =>
        (Above, SenderDomain, Seen, LastSeenAt) = (above.Length > Above.Length ? above : Above, senderDomain, Seen + 1, now);

    public void Trust(TrustTerms terms, DateTimeOffset now)
    {
        Standing = AuthorityStanding.Trusted;
        Purpose = terms.Purpose;
        Domains = string.Join(' ', terms.Domains);
        Revocation = terms.RevocationRequired ? RevocationPolicy.Required : RevocationPolicy.NotPublished;
        DecidedAt = now;
    }

    public void Refuse(DateTimeOffset now) => (Standing, DecidedAt) = (AuthorityStanding.Refused, now);

    public void Take(byte[] revocationList) => RevocationList = revocationList;
}

internal sealed class ForeignAuthorityMapping : IEntityTypeConfiguration<ForeignAuthority>
{
    public void Configure(EntityTypeBuilder<ForeignAuthority> builder)
    {
        builder.ToTable("ForeignAuthorities");
        builder.Ignore(one => one.Terms);
        builder.Ignore(one => one.Anchor);
        builder.Property(one => one.Fingerprint).HasMaxLength(64);
        builder.Property(one => one.Domains).HasMaxLength(ForeignAuthority.LongestDomains);
        builder.Property(one => one.SenderDomain).HasMaxLength(255);
        builder.HasIndex(one => new { one.OrganisationId, one.Fingerprint }).IsUnique();
    }
}
