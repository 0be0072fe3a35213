using System.Globalization;
using Portal.Application;
using Portal.Application.SecureLinks;

namespace Portal.Web.SecureLinks;

internal static class MailboxWords
{
    public static string State(ReaderMessageView message) => message switch
    {
        { IsRecalled: true, IsOwn: true } => MailboxTexts.OwnRecalled,
        { IsRecalled: true } => MailboxTexts.Recalled,
        { IsExpired: true } => MailboxTexts.Expired,
        { OpenedAt: null } => MailboxTexts.Unread,
        { ExpiresAt: var until } => MailboxTexts.ReadableUntil.With(until.ToUniversalTime().ToString(ReadingTexts.InstantFormat, CultureInfo.CurrentCulture)),
    };
}
