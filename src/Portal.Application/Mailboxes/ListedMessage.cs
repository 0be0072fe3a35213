namespace Portal.Application.Mailboxes;

/// <summary>What a list needs of a message: the larger part of its row, which the reading pane shows, stays in the database.</summary>
internal sealed record ListedMessage(
    StoredMessageId Id,
    MailboxId MailboxId,
    DateTimeOffset At,
    bool IsRead,
    bool HasAttachments,
    MessageVerdict Verdict,
    bool Encrypted,
    MessageState State,
    bool IsHeldUp,
    byte[]? SealedListing);

internal static class ListedMessages
{
    public static IQueryable<ListedMessage> Listed(this IQueryable<StoredMessage> messages) => messages.Select(one => new ListedMessage(
        one.Id, one.MailboxId, one.At, one.IsRead, one.HasAttachments, one.Verdict, one.Encrypted, one.State, one.WaitsFor != null, one.SealedListing));
}
