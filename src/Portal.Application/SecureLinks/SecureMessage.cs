using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;

namespace Portal.Application.SecureLinks;

/// <param name="Name">As the sender calls themselves.</param>
/// <param name="Address">The sender's mailbox.</param>
internal sealed record LinkSender(string Name, string Address);

/// <summary>A message that rests here for readers without a certificate: signed as it would have been sent, sealed under a key of its own.</summary>
internal sealed class SecureMessage : IOwned
{
    private const string ReportColumn = "secure_messages.sealed_report";
    private const string SenderColumn = "secure_messages.sealed_sender";

    private SecureMessage()
    {
    }

    public SecureMessage(OrganisationId organisation, MailboxId mailbox, StoredMessageId sentCopy, BlobId content, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        Id = SecureMessageId.New();
        OrganisationId = organisation;
        MailboxId = mailbox;
        SentCopyId = sentCopy;
        ContentId = content;
        CreatedAt = now;
        ExpiresAt = expiresAt;
    }

    public SecureMessageId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>The sender's.</summary>
    public MailboxId MailboxId { get; private set; }

    public StoredMessageId SentCopyId { get; private set; }

    /// <summary>The signed bytes.</summary>
    public BlobId ContentId { get; private set; }

    /// <summary>What readers are shown, under the key of the content: whoever opens the one opens the other.</summary>
    public byte[] SealedReport { get; private set; } = [];

    /// <summary>For notices, and for whoever has not proved yet who they are; under the organisation's key.</summary>
    public byte[] SealedSender { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? RecalledAt { get; private set; }

    public void Recall(DateTimeOffset now) => RecalledAt = now;

    public void ExpireAt(DateTimeOffset instant) => ExpiresAt = instant;

    public void Describe(LinkSender sender, SealingKey organisation, MessageReport report, SealingKey content)
    {
        SealedSender = organisation.SealRecord(sender, LinkJson.Default.LinkSender, SenderColumn, Id.Value);
        SealedReport = content.SealRecord(report, LinkJson.Default.MessageReport, ReportColumn, Id.Value);
    }

    public LinkSender Sender(SealingKey organisation) => organisation.OpenRecord(SealedSender, LinkJson.Default.LinkSender, SenderColumn, Id.Value);

    public MessageReport Report(SealingKey content) => content.OpenRecord(SealedReport, LinkJson.Default.MessageReport, ReportColumn, Id.Value);
}

internal sealed class SecureMessageMapping : IEntityTypeConfiguration<SecureMessage>
{
    public void Configure(EntityTypeBuilder<SecureMessage> builder)
    {
        builder.ToTable("SecureMessages");
        builder.HasOne<Mailbox>().WithMany().HasForeignKey(one => one.MailboxId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(one => new { one.OrganisationId, one.SentCopyId });
        builder.HasIndex(one => new { one.OrganisationId, one.ContentId });
        builder.HasIndex(one => one.MailboxId);
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(LinkSender))]
[JsonSerializable(typeof(MessageReport))]
internal sealed partial class LinkJson : JsonSerializerContext;
