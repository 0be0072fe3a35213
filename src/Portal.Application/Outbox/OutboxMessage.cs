using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;

namespace Portal.Application.Outbox;

/// <summary>Final bytes for one envelope, stored before the first attempt: every retry sends exactly these.</summary>
internal sealed class OutboxMessage : IOwned
{
    private OutboxMessage()
    {
    }

    public OutboxMessage(OrganisationId organisation, MailboxId sender, StoredMessageId? sentCopy, BlobId content, byte[] contentSha256, bool notice, DateTimeOffset now)
    {
        Id = OutboxMessageId.New();
        OrganisationId = organisation;
        SenderId = sender;
        SentCopyId = sentCopy;
        ContentId = content;
        ContentSha256 = contentSha256;
        IsNotice = notice;
        CreatedAt = now;
    }

    public OutboxMessageId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>The mailbox that sends; bounces go to its inbox.</summary>
    public MailboxId SenderId { get; private set; }

    public StoredMessageId? SentCopyId { get; private set; }

    /// <summary>Null when nobody needs the bytes any more; what was sent is the Sent copy.</summary>
    public BlobId? ContentId { get; private set; }

    /// <summary>Of the final bytes, which are public once sent.</summary>
    public byte[] ContentSha256 { get; private set; } = [];

    /// <summary>Sent with a null return path, and never answered by a bounce.</summary>
    public bool IsNotice { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <returns>The blob that is not needed any more.</returns>
    public BlobId ForgetContent()
    {
        var content = ContentId ?? throw new InvalidOperationException("The bytes are gone already.");
        ContentId = null;
        return content;
    }
}

internal sealed class OutboxMessageMapping : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable("OutboxMessages");
        builder.Property(one => one.ContentSha256).HasMaxLength(32);
        builder.HasIndex(one => one.SentCopyId);
        builder.HasIndex(one => new { one.OrganisationId, one.CreatedAt });
    }
}
