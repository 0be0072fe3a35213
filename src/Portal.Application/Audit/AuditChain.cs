using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Audit;

/// <summary>The end of an organisation's chain: locked last before commit, never across a call to a key store.</summary>
internal sealed class AuditChain : IOwned
{
    private AuditChain()
    {
    }

    public AuditChain(OrganisationId organisation) => OrganisationId = organisation;

    public OrganisationId OrganisationId { get; private set; }

    public long LastSequence { get; private set; }

    public byte[] LastHash { get; private set; } = new byte[32];

    public void Extend(AuditEntry entry)
    {
        LastSequence = entry.Sequence;
        LastHash = entry.Hash;
    }
}

internal sealed class AuditChainMapping : IEntityTypeConfiguration<AuditChain>
{
    public void Configure(EntityTypeBuilder<AuditChain> builder)
    {
        builder.ToTable("AuditChains");
        builder.HasKey(one => one.OrganisationId);
        builder.Property(one => one.LastHash).HasMaxLength(32);
    }
}
