using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.AtRest;

/// <summary>A row of at most 1 MB: whole sealed chunks, in order.</summary>
internal sealed class BlobPiece : IOwned
{
    private BlobPiece()
    {
    }

    public BlobPiece(OrganisationId organisation, BlobId blob, int index, byte[] bytes)
    {
        OrganisationId = organisation;
        BlobId = blob;
        Index = index;
        Bytes = bytes;
    }

    public OrganisationId OrganisationId { get; private set; }

    public BlobId BlobId { get; private set; }

    public int Index { get; private set; }

    public byte[] Bytes { get; private set; } = [];
}

internal sealed class BlobPieceMapping : IEntityTypeConfiguration<BlobPiece>
{
    public void Configure(EntityTypeBuilder<BlobPiece> builder)
    {
        builder.ToTable("BlobPieces");
        builder.HasKey(one => new { one.BlobId, one.Index });
        builder.HasOne<Blob>().WithMany().HasForeignKey(one => one.BlobId).OnDelete(DeleteBehavior.Cascade);
    }
}
