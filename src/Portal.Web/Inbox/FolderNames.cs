using Portal.Application;
using Portal.Application.Mailboxes;

namespace Portal.Web.Inbox;

/// <summary>Folders in addresses and in words.</summary>
internal static class FolderNames
{
    public const string Drafts = "drafts";

    public static string Segment(FolderKind kind) => kind switch
    {
        FolderKind.Inbox => "inbox",
        FolderKind.Sent => "sent",
        FolderKind.Archive => "archive",
        FolderKind.Junk => "junk",
        FolderKind.Trash => "trash",
    };

    /// <returns>Null where there is no such folder.</returns>
    public static FolderKind? Kind(string? segment) =>
        Enum.GetValues<FolderKind>().Where(kind => Segment(kind) == segment).Select(kind => (FolderKind?)kind).FirstOrDefault();

    public static string Words(FolderKind kind) => kind switch
    {
        FolderKind.Inbox => InboxTexts.Inbox,
        FolderKind.Sent => InboxTexts.Sent,
        FolderKind.Archive => InboxTexts.Archive,
        FolderKind.Junk => InboxTexts.Junk,
        FolderKind.Trash => InboxTexts.Trash,
    };

    public static (string Title, string Words) Empty(FolderKind kind) => kind switch
    {
        FolderKind.Inbox => (InboxTexts.InboxEmpty, InboxTexts.InboxEmptyWords),
        FolderKind.Sent => (InboxTexts.SentEmpty, InboxTexts.SentEmptyWords),
        FolderKind.Archive => (InboxTexts.ArchiveEmpty, InboxTexts.ArchiveEmptyWords),
        FolderKind.Junk => (InboxTexts.JunkEmpty, InboxTexts.JunkEmptyWords),
        FolderKind.Trash => (InboxTexts.TrashEmpty, InboxTexts.TrashEmptyWords),
    };

    public static string Title(FolderView? folder) => folder switch
    {
        null => InboxTexts.Mail,
        { Unread: > 0 } => InboxTexts.FolderWithUnread.With(Words(folder.Kind), Count(folder.Unread)),
        _ => Words(folder.Kind),
    };

    /// <summary>As far as it was counted.</summary>
    public static string Count(int messages) => messages < FolderView.MostCounted ? $"{messages}" : $"{FolderView.MostCounted - 1}+";
}
