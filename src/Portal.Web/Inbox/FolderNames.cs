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

    public static FolderKind Kind(string? segment) =>
        Enum.GetValues<FolderKind>().FirstOrDefault(kind => Segment(kind) == segment, FolderKind.Inbox);

    public static string Words(FolderKind kind) => kind switch
    {
        FolderKind.Inbox => "Inbox",
        FolderKind.Sent => "Sent",
        FolderKind.Archive => "Archive",
        FolderKind.Junk => "Junk",
        FolderKind.Trash => "Deleted",
    };

    public static string Empty(FolderKind kind) => kind switch
    {
        FolderKind.Inbox => "No mail yet. What arrives shows up here by itself.",
        FolderKind.Sent => "Nothing sent yet.",
        FolderKind.Archive => "Nothing archived. Move mail here to keep the inbox short.",
        FolderKind.Junk => "No junk.",
        FolderKind.Trash => "Nothing deleted.",
    };

    /// <summary>As far as it was counted.</summary>
    public static string Count(int messages) => messages < FolderView.MostCounted ? $"{messages}" : $"{FolderView.MostCounted - 1}+";
}
