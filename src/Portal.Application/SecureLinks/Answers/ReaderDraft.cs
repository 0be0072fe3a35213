using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;

namespace Portal.Application.SecureLinks.Answers;

/// <summary>What a reader is writing: kept from the first time they press a button, so that nothing is lost when a session ends or something is refused.</summary>
internal sealed class ReaderDraft : IOwned
{
    private const string Column = "reader_drafts.sealed_content";

    private ReaderDraft()
    {
    }

    public ReaderDraft(Reader reader, ReaderDraftId id, SecureLinkId? answers, MailboxId mailbox)
    {
        Id = id;
        OrganisationId = reader.OrganisationId;
        ReaderId = reader.Id;
        AnswersId = answers;
        MailboxId = mailbox;
    }

    public ReaderDraftId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public ReaderId ReaderId { get; private set; }

    /// <summary>Their link to what they answer; null for a new message.</summary>
    public SecureLinkId? AnswersId { get; private set; }

    /// <summary>Whose room it takes, and through whose mail server notices of it go.</summary>
    public MailboxId MailboxId { get; private set; }

    /// <summary>Under the organisation's key.</summary>
    public byte[] SealedContent { get; private set; } = [];

    public DateTimeOffset SavedAt { get; private set; }

    public void Save(ReaderDraftContent content, SealingKey key, DateTimeOffset now) =>
        (SealedContent, SavedAt) = (key.SealRecord(content, ReaderDraftJson.Default.ReaderDraftContent, Column, Id.Value), now);

    public ReaderDraftContent Content(SealingKey key) => key.OpenRecord(SealedContent, ReaderDraftJson.Default.ReaderDraftContent, Column, Id.Value);
}

/// <summary>A file of it.</summary>
internal sealed class ReaderFile : IOwned
{
    private const string Column = "reader_files.sealed_description";

    private ReaderFile()
    {
    }

    /// <param name="draft">Of what.</param>
    /// <param name="content">The bytes, or those that are to come.</param>
    /// <param name="length">How many.</param>
    /// <param name="description">Its name; with the hash, when all of them are here.</param>
    /// <param name="key">The organisation's.</param>
    /// <param name="now">When it was added.</param>
    public ReaderFile(ReaderDraft draft, BlobId content, long length, FileDescription description, SealingKey key, DateTimeOffset now)
    {
        Id = ReaderFileId.New();
        OrganisationId = draft.OrganisationId;
        DraftId = draft.Id;
        ContentId = content;
        Length = length;
        AddedAt = now;
        Describe(description, key);
    }

    public ReaderFileId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public ReaderDraftId DraftId { get; private set; }

    public BlobId ContentId { get; private set; }

    public long Length { get; private set; }

    /// <summary>Under the organisation's key: file name, media type and what is known of the bytes.</summary>
    public byte[] SealedDescription { get; private set; } = [];

    /// <summary>Its bytes are here and were looked into: it can be sent.</summary>
    public bool IsWhole { get; private set; }

    public DateTimeOffset AddedAt { get; private set; }

    public void Describe(FileDescription description, SealingKey key) =>
        (SealedDescription, IsWhole) = (key.SealRecord(description, ReaderDraftJson.Default.FileDescription, Column, Id.Value), description.Sha256 is not null);

    public FileDescription Description(SealingKey key) => key.OpenRecord(SealedDescription, ReaderDraftJson.Default.FileDescription, Column, Id.Value);
}

/// <summary>As they typed it.</summary>
/// <param name="Chosen">Addresses that the page offered, and they ticked.</param>
/// <param name="Others">Further addresses, separated by commas, semicolons or line breaks.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain.</param>
public sealed record ReaderDraftContent(IReadOnlyList<string> Chosen, string Others, string Subject, string Text)
{
    /// <summary>Of all of it.</summary>
    internal byte[] Token(SealingKey key) => key.Token(JsonSerializer.SerializeToUtf8Bytes(this, ReaderDraftJson.Default.ReaderDraftContent));

    public override string ToString() => nameof(ReaderDraftContent);
}

internal sealed class ReaderDraftMapping : IEntityTypeConfiguration<ReaderDraft>
{
    public void Configure(EntityTypeBuilder<ReaderDraft> builder)
    {
        builder.ToTable("ReaderDrafts");
        builder.HasOne<Reader>().WithMany().HasForeignKey(one => one.ReaderId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<SecureLink>().WithMany().HasForeignKey(one => one.AnswersId).OnDelete(DeleteBehavior.SetNull);
        builder.HasOne<Mailbox>().WithMany().HasForeignKey(one => one.MailboxId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(one => new { one.OrganisationId, one.ReaderId, one.SavedAt });
        builder.HasIndex(one => one.AnswersId);
        builder.HasIndex(one => one.MailboxId);
    }
}

internal sealed class ReaderFileMapping : IEntityTypeConfiguration<ReaderFile>
{
    public void Configure(EntityTypeBuilder<ReaderFile> builder)
    {
        builder.ToTable("ReaderFiles");
        builder.HasOne<ReaderDraft>().WithMany().HasForeignKey(one => one.DraftId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(one => new { one.OrganisationId, one.ContentId });
        builder.HasIndex(one => one.DraftId);
    }
}

[JsonSerializable(typeof(ReaderDraftContent))]
[JsonSerializable(typeof(FileDescription))]
internal sealed partial class ReaderDraftJson : JsonSerializerContext;
