using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Smime.Pkix;

namespace Portal.Application.SecureLinks;

/// <summary>What readers are mailed: that something waits for them, and codes. Plain, in their language, from the sender's own domain.</summary>
internal sealed class LinkNotices(Notices notices, IOptions<PublicAddressOptions> address)
{
    /// <param name="mailbox">The sender's, through which it goes.</param>
    /// <param name="organisation">What the organisation is called.</param>
    /// <param name="message">What waits.</param>
    /// <param name="sender">Who has sent it.</param>
    /// <param name="to">The reader's address.</param>
    /// <param name="language">The reader's.</param>
    /// <param name="token">Of their link.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<PreparedNotice> OfMessageAsync(
        Mailbox mailbox, string organisation, SecureMessage message, LinkSender sender, AddrSpec to, string language, string token, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(language).Speak();
        var text = LinkTexts.NoticeBody.With(sender.Name, sender.Address, organisation, address.Value.LinkTo($"/open/{token}"), Day(message.ExpiresAt));
        return notices.PrepareAsync(mailbox, organisation, to, LinkTexts.NoticeSubject.With(sender.Name), text, cancellationToken);
    }

    public Task<PreparedNotice> OfCodeAsync(
        Mailbox mailbox, string organisation, LinkSender sender, AddrSpec to, string language, string code, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(language).Speak();
        var text = LinkTexts.CodeBody.With(code, sender.Name, organisation, ReaderCode.Lasts.TotalMinutes);
        return notices.PrepareAsync(mailbox, organisation, to, LinkTexts.CodeSubject.With(organisation), text, cancellationToken);
    }

    private static string Day(DateTimeOffset instant) => instant.ToString(LinkTexts.DayFormat, CultureInfo.CurrentCulture);
}
