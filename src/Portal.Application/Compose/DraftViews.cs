using Portal.Application.LargeFiles;

namespace Portal.Application.Compose;

/// <param name="Id">Which.</param>
/// <param name="FileName">Safe to save under.</param>
/// <param name="MediaType">As the browser said.</param>
/// <param name="Length">Bytes.</param>
/// <param name="IsWhole">All of it is here; until then the message cannot be sent.</param>
public sealed record DraftAttachmentView(DraftAttachmentId Id, string FileName, string MediaType, long Length, bool IsWhole)
{
    /// <summary>Whatever else is attached.</summary>
    public bool TravelsBeside => Length > BesideFiles.MostInside;
}

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
