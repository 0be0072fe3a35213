using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Certificates;

/// <summary>A revocation list that an authority of ours signed; the newest number of each partition counts.</summary>
internal sealed class PublishedRevocationList : IOwned
{
    private PublishedRevocationList()
    {
    }

    public PublishedRevocationList(RevocationPartition partition, long number, byte[] encoded, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate)
    {
        OrganisationId = partition.OrganisationId;
        AuthorityId = partition.AuthorityId;
        Partition = partition.Number;
        Number = number;
        Encoded = encoded;
        ThisUpdate = thisUpdate;
        NextUpdate = nextUpdate;
    }

    public OrganisationId OrganisationId { get; private set; }

    public CertificateId AuthorityId { get; private set; }

    public int Partition { get; private set; }

    /// <summary>RFC 5280 §5.2.3.</summary>
    public long Number { get; private set; }

    public byte[] Encoded { get; private set; } = [];

    public DateTimeOffset ThisUpdate { get; private set; }

    public DateTimeOffset NextUpdate { get; private set; }
}

internal sealed class PublishedRevocationListMapping : IEntityTypeConfiguration<PublishedRevocationList>
{
    public void Configure(EntityTypeBuilder<PublishedRevocationList> builder)
    {
        builder.ToTable("RevocationLists");
        builder.HasKey(one => new { one.AuthorityId, one.Partition, one.Number });
        builder.HasOne<Certificate>().WithMany().HasForeignKey(one => one.AuthorityId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(one => one.OrganisationId);
    }
}
