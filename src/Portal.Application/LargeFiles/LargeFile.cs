using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Protection;

namespace Portal.Application.LargeFiles;

/// <summary>A file that travels beside its message. The message carries its key; here is only what the key is found by.</summary>
internal sealed class LargeFile : IOwned
{
    private const string KeyColumn = "large_files.sealed_key";
    private const string NameColumn = "large_files.sealed_name";

    private LargeFile()
    {
    }

    /// <param name="organisation">Whose.</param>
    /// <param name="mailbox">Whose room it takes.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="contentKey">Their own key.</param>
    /// <param name="file">What the message says of it.</param>
    /// <param name="now">When it is sent.</param>
    /// <param name="expiresAt">Until when it can be fetched.</param>
    public LargeFile(OrganisationId organisation, MailboxId mailbox, BlobId content, SealingKey contentKey, LargeFileReference file, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        Id = LargeFileId.New();
        OrganisationId = organisation;
        MailboxId = mailbox;
        ContentId = content;
        Token = TokenOf(file.Key);
        Length = file.Length;
        CreatedAt = now;
        ExpiresAt = expiresAt;
        using var key = new SealingKey([.. file.Key]);
        SealedKey = contentKey.SealUnder(key, SealedValue.Context(KeyColumn, Id.Value));
        SealedName = key.SealRecord(new LargeFileName(file.FileName, file.MediaType, file.Sha256), LargeFileJson.Default.LargeFileName, NameColumn, Id.Value);
    }

    public LargeFileId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public MailboxId MailboxId { get; private set; }

    /// <summary>Of the message that it belongs to; null for what a reader wrote.</summary>
    public StoredMessageId? SentCopyId { get; private set; }

    /// <summary>That it belongs to, where it rests for readers too.</summary>
    public SecureMessageId? SecureMessageId { get; private set; }

    /// <summary>The bytes; null when they are swept.</summary>
    public BlobId? ContentId { get; private set; }

    /// <summary>By which the key finds it; whoever has this has not the key.</summary>
    public byte[] Token { get; private set; } = [];

    /// <summary>That of the bytes, under the one that the message carries; null when the file was taken back.</summary>
    public byte[]? SealedKey { get; private set; }

    /// <summary>Likewise.</summary>
    public byte[] SealedName { get; private set; } = [];

    public long Length { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? RecalledAt { get; private set; }

    public int Downloads { get; private set; }

    public DateTimeOffset? LastDownloadedAt { get; private set; }

    public static byte[] TokenOf(ReadOnlySpan<byte> key) => SHA256.HashData([.. "large file/"u8, .. key]);

    public void BelongTo(StoredMessageId sentCopy) => SentCopyId = sentCopy;

    public void RestWith(SecureMessageId message, DateTimeOffset expiresAt) => (SecureMessageId, ExpiresAt) = (message, expiresAt);

    public void ForgetContent() => ContentId = null;

    public LargeFileName Name(SealingKey key) => key.OpenRecord(SealedName, LargeFileJson.Default.LargeFileName, NameColumn, Id.Value);

    /// <returns>Null when the file was taken back.</returns>
    public SealingKey? ContentKey(SealingKey key) => SealedKey is null ? null : SealingKey.OpenUnder(key, SealedKey, SealedValue.Context(KeyColumn, Id.Value));
}

internal sealed record LargeFileName(string FileName, string MediaType, byte[] Sha256);

internal sealed class LargeFileMapping : IEntityTypeConfiguration<LargeFile>
{
    public void Configure(EntityTypeBuilder<LargeFile> builder)
    {
        builder.ToTable("LargeFiles");
        builder.HasOne<Mailbox>().WithMany().HasForeignKey(one => one.MailboxId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.Token).HasMaxLength(32);
        builder.HasIndex(one => one.Token).IsUnique();
        builder.HasIndex(one => new { one.OrganisationId, one.SentCopyId });
        builder.HasIndex(one => new { one.OrganisationId, one.SecureMessageId });
        builder.HasIndex(one => new { one.OrganisationId, one.ContentId });
        builder.HasIndex(one => one.MailboxId);
    }
}

[JsonSerializable(typeof(LargeFileName))]
internal sealed partial class LargeFileJson : JsonSerializerContext;
