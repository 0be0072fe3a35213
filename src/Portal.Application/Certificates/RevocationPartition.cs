using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Certificates;

/// <summary>
/// Part of what an authority has issued, with a revocation list of its own (RFC 5280 §5.2.5), so that no list grows without
/// end. Which part a certificate is in, and where its list is, stands in it and never changes.
/// </summary>
internal sealed class RevocationPartition : IOwned
{
    /// <summary>Certificates in one part: a list of all of them has under a megabyte.</summary>
    public const int Capacity = 20_000;

    private RevocationPartition()
    {
    }

    /// <param name="organisation">Whose authority.</param>
    /// <param name="authority">Its certificate.</param>
    /// <param name="number">From 0.</param>
    /// <param name="address">Where its list is published; null while nothing is published, and then its list covers all that the authority issued.</param>
    public RevocationPartition(OrganisationId organisation, CertificateId authority, int number, string? address)
    {
        OrganisationId = organisation;
        AuthorityId = authority;
        Number = number;
        Address = address;
    }

    public OrganisationId OrganisationId { get; private set; }

    public CertificateId AuthorityId { get; private set; }

    public int Number { get; private set; }

    public string? Address { get; private set; }

    /// <summary>In it so far.</summary>
    public int Certificates { get; private set; }
}

internal sealed class RevocationPartitionMapping : IEntityTypeConfiguration<RevocationPartition>
{
    public void Configure(EntityTypeBuilder<RevocationPartition> builder)
    {
        builder.ToTable("RevocationPartitions");
        builder.HasKey(one => new { one.AuthorityId, one.Number });
        builder.HasOne<Certificate>().WithMany().HasForeignKey(one => one.AuthorityId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(one => one.OrganisationId);
        builder.Property(one => one.Address).HasMaxLength(500);
    }
}
