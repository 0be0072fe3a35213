using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>A foreign trust anchor that an administrator decided to trust, with the revocation list that came with it.</summary>
internal sealed class TrustedAuthority : IOwned
{
    private TrustedAuthority()
    {
    }

    public TrustedAuthority(OrganisationId organisation, byte[] encoded, string fingerprint, byte[]? revocationList, DateTimeOffset now)
    {
        Id = TrustAnchorId.New();
        OrganisationId = organisation;
        Encoded = encoded;
        Fingerprint = fingerprint;
        AddedAt = now;
        Revocation = RevocationPolicy.NotPublished;
        Take(revocationList);
    }

    public TrustAnchorId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public byte[] Encoded { get; private set; } = [];

    /// <summary>SHA-256, hexadecimal.</summary>
    public string Fingerprint { get; private set; } = string.Empty;

    public RevocationPolicy Revocation { get; private set; }

    public byte[]? RevocationList { get; private set; }

    public DateTimeOffset AddedAt { get; private set; }

    /// <summary>Once an authority has shown a list, silence is no longer good.</summary>
    public void Take(byte[]? revocationList)
    {
        if (revocationList is not null)
        {
            RevocationList = revocationList;
            Revocation = RevocationPolicy.Required;
        }
    }
}

internal sealed class TrustedAuthorityMapping : IEntityTypeConfiguration<TrustedAuthority>
{
    public void Configure(EntityTypeBuilder<TrustedAuthority> builder)
    {
        builder.ToTable("TrustedAuthorities");
        builder.Property(one => one.Fingerprint).HasMaxLength(64);
        builder.HasIndex(one => new { one.OrganisationId, one.Fingerprint }).IsUnique();
    }
}
