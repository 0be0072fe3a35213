using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;

namespace Portal.Application.Compose;

internal sealed class DraftAttachment : IOwned
{
    private DraftAttachment()
    {
    }

    /// <param name="id">Its own.</param>
    /// <param name="organisation">Whose.</param>
    /// <param name="draft">Of which message.</param>
    /// <param name="content">The bytes, or those that are to come.</param>
    /// <param name="length">How many.</param>
    /// <param name="sealedDescription">Its name.</param>
    /// <param name="isWhole">All of them are here.</param>
    /// <param name="now">When it was added.</param>
    public DraftAttachment(DraftAttachmentId id, OrganisationId organisation, DraftId draft, BlobId content, long length, byte[] sealedDescription, bool isWhole, DateTimeOffset now)
    {
        Id = id;
        OrganisationId = organisation;
        DraftId = draft;
        ContentId = content;
        Length = length;
        SealedDescription = sealedDescription;
        IsWhole = isWhole;
        AddedAt = now;
    }

    public DraftAttachmentId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public DraftId DraftId { get; private set; }

    public BlobId ContentId { get; private set; }

    public long Length { get; private set; }

    /// <summary>Sealed: file name, media type and what is known of the bytes.</summary>
    public byte[] SealedDescription { get; private set; } = [];

    /// <summary>Its bytes are here and were looked into: it can be sent.</summary>
    public bool IsWhole { get; private set; }

    public DateTimeOffset AddedAt { get; private set; }

    public void Complete(byte[] sealedDescription) => (SealedDescription, IsWhole) = (sealedDescription, true);
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
