namespace Portal.Application.Mailboxes;

/// <param name="Id">The folder.</param>
/// <param name="Kind">Which one.</param>
/// <param name="Total">Messages; counted up to <see cref="MostCounted"/>, so that a large folder costs no more than a small one.</param>
/// <param name="Unread">Likewise.</param>
public sealed record FolderView(FolderId Id, FolderKind Kind, int Total, int Unread)
{
    /// <summary>This many, or more.</summary>
    public const int MostCounted = 1000;
}

public sealed record MailboxView(MailboxId Id, string Address, string DisplayName, IReadOnlyList<FolderView> Folders);

/// <summary>A place in a folder, newest first.</summary>
public sealed record MessageCursor(DateTimeOffset At, StoredMessageId Id);

/// <param name="Id">The message.</param>
/// <param name="At">When it arrived or was sent.</param>
/// <param name="Correspondent">From; in Sent, whom it went to.</param>
/// <param name="Address">The addr-spec behind the name.</param>
/// <param name="Subject">As displayed.</param>
/// <param name="Preview">The first words.</param>
/// <param name="IsRead">By its owner.</param>
/// <param name="HasAttachments">At least one.</param>
/// <param name="Verdict">On the signature.</param>
/// <param name="Encrypted">As it travelled.</param>
/// <param name="State">Whether it was opened yet.</param>
/// <param name="IsHeldUp">It arrived, and something is in the way of opening it.</param>
public sealed record MessageRow(
    StoredMessageId Id,
    DateTimeOffset At,
    string Correspondent,
    string Address,
    string Subject,
    string Preview,
    bool IsRead,
    bool HasAttachments,
    MessageVerdict Verdict,
    bool Encrypted,
    MessageState State,
    bool IsHeldUp);

public abstract record WindowStart
{
    public sealed record Newest : WindowStart;

    public sealed record OlderThan(MessageCursor Cursor) : WindowStart;

    public sealed record NewerThan(MessageCursor Cursor) : WindowStart;

    /// <summary>The newest message that is not after the instant, and those before it.</summary>
    public sealed record At(DateTimeOffset Instant) : WindowStart;
}

/// <param name="Rows">At most 50, newest first.</param>
/// <param name="HasOlder">There are more below.</param>
/// <param name="HasNewer">There are more above.</param>
public sealed record MessageWindow(IReadOnlyList<MessageRow> Rows, bool HasOlder, bool HasNewer);
