namespace Portal.Application.Compose;

public sealed record DraftAttachmentView(DraftAttachmentId Id, string FileName, string MediaType, long Length);

public sealed record DraftView(
    DraftId Id, MailboxId Mailbox, string FromAddress, DraftContent Content, IReadOnlyList<DraftAttachmentView> Attachments, DateTimeOffset SavedAt);

public sealed record DraftRow(DraftId Id, DateTimeOffset SavedAt, string To, string Subject);

public enum ReplyKind
{
    Reply,
    ReplyAll,
    Forward,
}

public abstract record Attaching
{
    public sealed record Attached(DraftAttachmentView Attachment) : Attaching;

    /// <param name="Limit">Bytes of all attachments together.</param>
    public sealed record TooLarge(long Limit) : Attaching;

    /// <summary>The draft was sent or discarded elsewhere, or is somebody else's.</summary>
    public sealed record NotFound : Attaching;
}
