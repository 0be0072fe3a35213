using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;

namespace Portal.Application.Compose;

internal sealed class DraftAttachment : IOwned
{
    private DraftAttachment()
    {
    }

    public DraftAttachment(DraftAttachmentId id, OrganisationId organisation, DraftId draft, BlobId content, long length, byte[] sealedDescription, DateTimeOffset now)
    {
        Id = id;
        OrganisationId = organisation;
        DraftId = draft;
        ContentId = content;
        Length = length;
        SealedDescription = sealedDescription;
        AddedAt = now;
    }

    public DraftAttachmentId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public DraftId DraftId { get; private set; }

    public BlobId ContentId { get; private set; }

    public long Length { get; private set; }

    /// <summary>Sealed: file name and media type.</summary>
    public byte[] SealedDescription { get; private set; } = [];

    public DateTimeOffset AddedAt { get; private set; }
}

internal sealed class DraftAttachmentMapping : IEntityTypeConfiguration<DraftAttachment>
{
    public void Configure(EntityTypeBuilder<DraftAttachment> builder)
    {
        builder.ToTable("DraftAttachments");
        builder.HasOne<Draft>().WithMany().HasForeignKey(one => one.DraftId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(one => one.OrganisationId);
    }
}
