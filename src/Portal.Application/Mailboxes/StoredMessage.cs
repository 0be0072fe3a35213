using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.Transport;

namespace Portal.Application.Mailboxes;

public enum MessageState
{
    /// <summary>Stored as it came; nobody has looked inside yet.</summary>
    Arrived,

    Opened,

    /// <summary>It could not be opened; the bytes are kept and the verdict says why.</summary>
    Broken,
}

/// <summary>Why a message that arrived is not opened yet, though somebody has looked at it.</summary>
public enum WaitReason
{
    /// <summary>The key store does not answer.</summary>
    KeyStoreAway,

    /// <summary>The key is there, and nobody may use it now.</summary>
    KeyDisabled,

    /// <summary>Too much did not open with the key lately.</summary>
    KeyResting,

    /// <summary>The key store has the key no more, and nobody here has destroyed it.</summary>
    KeyMissing,
}

public enum MessageVerdict
{
    None,
    SignedValid,
    SignedUntrusted,
    SignedInvalid,
}

/// <summary>A message of a mailbox: raw bytes in a sealed blob, what lists show in sealed columns.</summary>
internal sealed class StoredMessage : IOwned
{
    private StoredMessage()
    {
    }

    public StoredMessage(OrganisationId organisation, MailboxId mailbox, FolderId folder, BlobId raw, long size, DateTimeOffset at)
    {
        Id = StoredMessageId.New();
        OrganisationId = organisation;
        MailboxId = mailbox;
        FolderId = folder;
        RawId = raw;
        Size = size;
        At = at;
    }

    public StoredMessageId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public MailboxId MailboxId { get; private set; }

    public FolderId FolderId { get; private set; }

    public BlobId RawId { get; private set; }

    /// <summary>Bytes as they came.</summary>
    public long Size { get; private set; }

    /// <summary>When it arrived, or was sent: the instant at which signatures are judged.</summary>
    public DateTimeOffset At { get; private set; }

    public MessageState State { get; private set; }

    /// <summary>Of one that has arrived; null when it is simply its turn.</summary>
    public WaitReason? WaitsFor { get; private set; }

    public MessageVerdict Verdict { get; private set; }

    public bool Encrypted { get; private set; }

    public bool HasAttachments { get; private set; }

    public bool IsRead { get; private set; }

    /// <summary>Sealed: what the list shows.</summary>
    public byte[]? SealedListing { get; private set; }

    /// <summary>Sealed: the verdict's details.</summary>
    public byte[]? SealedJudgement { get; private set; }

    /// <summary>Sealed: the content-encryption keys, from the outside in.</summary>
    public byte[]? SealedContentKeys { get; private set; }

    public MailAccountId? MailAccountId { get; private set; }

    /// <summary>Keyed token of the remote folder's name.</summary>
    public byte[]? RemoteFolder { get; private set; }

    public long? UidValidity { get; private set; }

    public long? Uid { get; private set; }

    /// <summary>Keyed token of the raw bytes.</summary>
    public byte[]? ContentToken { get; private set; }

    /// <summary>Of one that somebody outside wrote here: by what they had shown who they are.</summary>
    public ReaderProof? WriterProof { get; private set; }

    /// <summary>And is not the copy of something that was sent.</summary>
    public bool HasArrived => ContentToken is not null;

    public void CameFrom(MailAccountId account, byte[] remoteFolder, long uidValidity, long uid)
    {
        MailAccountId = account;
        RemoteFolder = remoteFolder;
        UidValidity = uidValidity;
        Uid = uid;
    }

    public void WaitFor(WaitReason reason) => WaitsFor = reason;

    public void WasWrittenHere(ReaderProof proof) => WriterProof = proof;

    public void Recognise(byte[] contentToken) => ContentToken = contentToken;

    public void Open(MessageVerdict verdict, bool encrypted, bool hasAttachments, byte[] listing, byte[] judgement, byte[]? contentKeys)
    {
        State = MessageState.Opened;
        WaitsFor = null;
        Verdict = verdict;
        Encrypted = encrypted;
        HasAttachments = hasAttachments;
        SealedListing = listing;
        SealedJudgement = judgement;
        SealedContentKeys = contentKeys;
    }

    /// <summary>There is a key now that was not there before.</summary>
    public void ArriveAgain() => State = MessageState.Arrived;

    public void Judge(MessageVerdict verdict, byte[] judgement) => (Verdict, SealedJudgement) = (verdict, judgement);

    public void Break(MessageVerdict verdict, bool encrypted, byte[] listing, byte[] judgement)
    {
        Open(verdict, encrypted, hasAttachments: false, listing, judgement, contentKeys: null);
        State = MessageState.Broken;
    }

    public void Move(FolderId folder) => FolderId = folder;

    public void Mark(bool read) => IsRead = read;
}

internal sealed class StoredMessageMapping : IEntityTypeConfiguration<StoredMessage>
{
    public void Configure(EntityTypeBuilder<StoredMessage> builder)
    {
        builder.ToTable("Messages");
        builder.HasOne<Mailbox>().WithMany().HasForeignKey(one => one.MailboxId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Folder>().WithMany().HasForeignKey(one => one.FolderId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(one => one.RemoteFolder).HasMaxLength(32);
        builder.Property(one => one.ContentToken).HasMaxLength(32);

        // With the column that row-level security asks for: counting never leaves the index.
        builder.HasIndex(one => new { one.FolderId, one.At, one.Id, one.OrganisationId }).IsDescending(false, true, true, false);
        builder.HasIndex(one => new { one.FolderId, one.At, one.Id, one.OrganisationId }, "IX_Messages_Unread").IsDescending(false, true, true, false).HasFilter("not is_read");
        builder.HasIndex(one => new { one.MailAccountId, one.RemoteFolder, one.UidValidity, one.Uid }).IsUnique();
        builder.HasIndex(one => new { one.MailboxId, one.ContentToken });
        builder.HasIndex(one => new { one.MailboxId, one.ContentToken }, "IX_Messages_Delivered").IsUnique().HasFilter("mail_account_id is null");
        builder.HasIndex(one => one.OrganisationId);
    }
}
