using System.Text;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;

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

    /// <param name="mailbox">The sender's; for what a reader wrote, that of whom they answer.</param>
    /// <param name="sentCopy">What its sender keeps; null for what a reader wrote.</param>
    /// <param name="author">The reader who wrote it.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="now">When it is sent.</param>
    /// <param name="expiresAt">Until when it can be read.</param>
    public SecureMessage(SecureMessageId id, Mailbox mailbox, StoredMessageId? sentCopy, ReaderId? author, BlobId content, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        Id = id;
        OrganisationId = mailbox.OrganisationId;
        MailboxId = mailbox.Id;
        SentCopyId = sentCopy;
        AuthorId = author;
        ContentId = content;
        CreatedAt = now;
        ExpiresAt = expiresAt;
        ConversationId = Id;
    }

    public SecureMessageId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>The sender's; for what a reader wrote, that of whom they answer.</summary>
    public MailboxId MailboxId { get; private set; }

    /// <summary>What its sender keeps; null for what a reader wrote.</summary>
    public StoredMessageId? SentCopyId { get; private set; }

    /// <summary>The reader who wrote it; null for what was sent from a mailbox.</summary>
    public ReaderId? AuthorId { get; private set; }

    /// <summary>The first message of those that answer one another.</summary>
    public SecureMessageId ConversationId { get; private set; }

    /// <summary>Of its Message-ID, under the organisation's key: by that an answer finds its conversation.</summary>
    public byte[]? MessageIdToken { get; private set; }

    /// <summary>Of what its author had typed, under the organisation's key: a form that comes once more is known by it. Null for what was sent from a mailbox.</summary>
    public byte[]? WrittenToken { get; private set; }

    /// <summary>The signed bytes; null when they are swept, long after they could be read.</summary>
    public BlobId? ContentId { get; private set; }

    /// <summary>What readers are shown, under the key of the content: whoever opens the one opens the other.</summary>
    public byte[] SealedReport { get; private set; } = [];

    /// <summary>For notices, and for whoever has not proved yet who they are; under the organisation's key.</summary>
    public byte[] SealedSender { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? RecalledAt { get; private set; }

    /// <summary>Of the phrase that readers have to know; null for none.</summary>
    public byte[]? PassPhraseHash { get; private set; }

    /// <summary>Whoever has a passkey or an app here shows it: a code does not open it for them.</summary>
    public bool AsksOwnProof { get; private set; }

    public bool OpensOnce { get; private set; }

    public bool ForbidsDownloads { get; private set; }

    public bool HasWatermark { get; private set; }

    /// <param name="messageId">Its own.</param>
    /// <param name="conversation">Which it goes on; null begins one.</param>
    /// <param name="organisation">The organisation's key.</param>
    public void Join(string? messageId, SecureMessageId? conversation, SealingKey organisation)
    {
        MessageIdToken = messageId is null ? null : TokenOf(messageId, organisation);
        ConversationId = conversation ?? Id;
    }

    public static byte[] TokenOf(string messageId, SealingKey organisation) => organisation.Token(Encoding.UTF8.GetBytes($"message-id/{messageId}"));

    public void Ask(LinkChoices choices, ReaderPolicy policy)
    {
        AsksOwnProof = choices.AsksOwnProof || policy.DemandsOwnProof;
        PassPhraseHash = choices.HasPassPhrase ? PassPhrases.Hash(choices.PassPhrase) : null;
        (OpensOnce, ForbidsDownloads, HasWatermark) = (choices.OpensOnce, choices.ForbidsDownloads, choices.HasWatermark);
    }

    /// <summary>An answer quotes: it asks for no less than what it answers, and is readable no longer.</summary>
    public void AskLike(SecureMessage answered)
    {
        (PassPhraseHash, AsksOwnProof) = (answered.PassPhraseHash, AsksOwnProof || answered.AsksOwnProof);
        (OpensOnce, ForbidsDownloads, HasWatermark) = (answered.OpensOnce, answered.ForbidsDownloads, answered.HasWatermark);
        ExpiresAt = answered.ExpiresAt < ExpiresAt ? answered.ExpiresAt : ExpiresAt;
    }

    public void WasWritten(byte[] token) => WrittenToken = token;

    public void ForgetContent() => ContentId = null;

    public void Recall(DateTimeOffset now) => RecalledAt = now;

    public void ExpireAt(DateTimeOffset instant) => ExpiresAt = instant;

    public void Describe(LinkSender sender, SealingKey organisation, MessageReport report, SealingKey content)
    {
        SealedSender = organisation.SealRecord(sender, LinkJson.Default.LinkSender, SenderColumn, Id.Value);
        SealedReport = content.SealRecord(report, LinkJson.Default.MessageReport, ReportColumn, Id.Value);
    }

    public LinkSender Sender(SealingKey organisation) => SenderOf(SealedSender, Id, organisation);

    public static LinkSender SenderOf(byte[] sealedSender, SecureMessageId id, SealingKey organisation) => organisation.OpenRecord(sealedSender, LinkJson.Default.LinkSender, SenderColumn, id.Value);

    public MessageReport Report(SealingKey content) => content.OpenRecord(SealedReport, LinkJson.Default.MessageReport, ReportColumn, Id.Value);
}

internal sealed class SecureMessageMapping : IEntityTypeConfiguration<SecureMessage>
{
    public void Configure(EntityTypeBuilder<SecureMessage> builder)
    {
        builder.ToTable("SecureMessages");
        builder.HasOne<Mailbox>().WithMany().HasForeignKey(one => one.MailboxId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.MessageIdToken).HasMaxLength(32);
        builder.HasIndex(one => new { one.OrganisationId, one.SentCopyId });
        builder.HasIndex(one => new { one.OrganisationId, one.MessageIdToken });
        builder.HasIndex(one => new { one.OrganisationId, one.ConversationId });
        builder.HasIndex(one => new { one.OrganisationId, one.AuthorId, one.CreatedAt });
        builder.HasIndex(one => new { one.OrganisationId, one.ContentId });
        builder.HasIndex(one => one.MailboxId);
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(LinkSender))]
[JsonSerializable(typeof(MessageReport))]
internal sealed partial class LinkJson : JsonSerializerContext;
