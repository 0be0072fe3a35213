using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Organisations;

/// <summary>What a domain's proof rests on.</summary>
public enum DomainProof
{
    /// <summary>Its DNS holds the record that was asked for.</summary>
    Dns,

    /// <summary>The operator's word.</summary>
    Operator,

    /// <summary>Nobody asked: this installation is for trying out.</summary>
    NotAsked,
}

/// <summary>A mail domain that the organisation claims. Many may claim one; only one has proved it, and only that one gets its mail.</summary>
internal sealed class OrganisationDomain : IOwned
{
    private OrganisationDomain()
    {
    }

    public OrganisationDomain(OrganisationId organisation, string name, DateTimeOffset now)
    {
        Id = OrganisationDomainId.New();
        OrganisationId = organisation;
        Name = name;
        Token = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 32);
        AddedAt = now;
    }

    public OrganisationDomainId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>A-label form, lower case.</summary>
    public string Name { get; private set; } = string.Empty;

    /// <summary>160 bits, of this claim alone: what the DNS has to show.</summary>
    public string Token { get; private set; } = string.Empty;

    public DateTimeOffset AddedAt { get; private set; }

    public DateTimeOffset? ProvedAt { get; private set; }

    public DomainProof? Proof { get; private set; }

    /// <summary>When the DNS last answered.</summary>
    public DateTimeOffset? LookedAt { get; private set; }

    /// <summary>Since when the record is not found any more.</summary>
    public DateTimeOffset? MissingSince { get; private set; }

    public void Prove(DomainProof proof, DateTimeOffset now) => (ProvedAt, Proof, MissingSince) = (ProvedAt ?? now, proof, null);

    public void Withdraw() => (ProvedAt, Proof, MissingSince) = (null, null, null);

    public void Look(bool found, DateTimeOffset now)
    {
        LookedAt = now;
        MissingSince = found || Proof != DomainProof.Dns ? null : MissingSince ?? now;
    }
}

internal sealed class OrganisationDomainMapping : IEntityTypeConfiguration<OrganisationDomain>
{
    public void Configure(EntityTypeBuilder<OrganisationDomain> builder)
    {
        builder.ToTable("OrganisationDomains");
        builder.Property(one => one.Name).HasMaxLength(255);
        builder.Property(one => one.Token).HasMaxLength(64);
        builder.HasIndex(one => new { one.OrganisationId, one.Name }).IsUnique();
        builder.HasIndex(one => one.Name).IsUnique().HasFilter("proved_at is not null");
    }
}
