using System.Globalization;
using Portal.Application;
using Portal.Application.SecureLinks;
using Portal.Application.SecureLinks.Answers;

namespace Portal.Web.SecureLinks;

internal static class MailboxWords
{
    /// <summary>Its subject, where it is open; or else from whom it is.</summary>
    public static string Title(ReaderMessageView message) => message.Subject switch
    {
        null => Who(message),
        "" => MailboxTexts.NoSubject,
        var subject => subject,
    };

    public static string Title(ReaderDraftRow draft) =>
        draft.IsAnswer ? MailboxTexts.DraftAnswer : draft.Subject is { Length: > 0 } subject ? subject : MailboxTexts.NoSubject;

    public static string Facts(ReaderMessageView message) => message.Subject is null ? State(message) : $"{Who(message)} · {State(message)}";

    private static string Who(ReaderMessageView message) => message.IsOwn ? MailboxTexts.Own : MailboxTexts.From.With(message.Sender);

    public static string State(ReaderMessageView message) => message switch
    {
        { IsRecalled: true, IsOwn: true } => MailboxTexts.OwnRecalled,
        { IsRecalled: true } => MailboxTexts.Recalled,
        { IsExpired: true } => MailboxTexts.Expired,
        { OpenedAt: null } => MailboxTexts.Unread,
        { ExpiresAt: var until } => MailboxTexts.ReadableUntil.With(until.ToUniversalTime().ToString(ReadingTexts.InstantFormat, CultureInfo.CurrentCulture)),
    };
}
