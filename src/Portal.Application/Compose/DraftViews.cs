namespace Portal.Application.Compose;

public sealed record DraftAttachmentView(DraftAttachmentId Id, string FileName, string MediaType, long Length);

public sealed record DraftView(
    DraftId Id, MailboxId Mailbox, string FromAddress, DraftContent Content, IReadOnlyList<DraftAttachmentView> Attachments, DateTimeOffset SavedAt, long Version, DateTimeOffset? SendAt);

/// <param name="Id">Which.</param>
/// <param name="SavedAt">When.</param>
/// <param name="To">As it was typed.</param>
/// <param name="Subject">As it was typed.</param>
/// <param name="SendAt">When it is sent by itself.</param>
public sealed record DraftRow(DraftId Id, DateTimeOffset SavedAt, string To, string Subject, DateTimeOffset? SendAt);

public enum ReplyKind
{
    Reply,
    ReplyAll,
    Forward,
}

public abstract record DraftSaving
{
    /// <param name="Version">To be named at the next saving.</param>
    public sealed record Saved(long Version) : DraftSaving;

    /// <summary>It waits for its time, and is not changed meanwhile.</summary>
    public sealed record Scheduled : DraftSaving;

    /// <summary>Another page has saved since: nothing was written over.</summary>
    public sealed record ChangedElsewhere : DraftSaving;

    /// <summary>Sent or discarded elsewhere.</summary>
    public sealed record Gone : DraftSaving;
}

public abstract record Attaching
{
    public sealed record Attached(DraftAttachmentView Attachment) : Attaching;

    /// <param name="Limit">Bytes of all attachments together.</param>
    public sealed record TooLarge(long Limit) : Attaching;

    /// <summary>It waits for its time, and is not changed meanwhile.</summary>
    public sealed record Scheduled : Attaching;

    /// <summary>It, or everything of the organisation together, holds as much as it may.</summary>
    public sealed record MailboxFull : Attaching;

    /// <summary>The draft was sent or discarded elsewhere, or is somebody else's.</summary>
    public sealed record NotFound : Attaching;
}
