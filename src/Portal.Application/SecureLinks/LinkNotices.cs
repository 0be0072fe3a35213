using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
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
    /// <param name="reader">To whom.</param>
    /// <param name="link">Theirs.</param>
    /// <param name="key">The organisation's.</param>
    /// <param name="reminds">They were told before.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<PreparedNotice> OfMessageAsync(
        Mailbox mailbox, string organisation, SecureMessage message, Reader reader, SecureLinkId link, SealingKey key, bool reminds, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(reader.Language).Speak();
        var sender = message.Sender(key);
        var lead = message.AuthorId is null
            ? LinkTexts.NoticeLead.With(sender.Name, sender.Address, organisation)
            : LinkTexts.NoticeLeadOfReader.With(sender.Address, organisation);
        var text = LinkTexts.NoticeBody.With(
            lead,
            organisation,
            address.Value.LinkTo($"/open/{LinkTokens.Of(link, key)}"),
            Day(message.ExpiresAt),
            reader.Phrase(key) is { } phrase ? LinkTexts.NoticePhrase.With(phrase) : LinkTexts.NoticeNoPhrase,
            address.Value.LinkTo("/check"));
        var subject = reminds ? LinkTexts.ReminderSubject : LinkTexts.NoticeSubject;
        return notices.PrepareAsync(mailbox, organisation, AddressOf(reader, key), subject.With(sender.Name), text, cancellationToken);
    }

    public Task<PreparedNotice> OfCodeAsync(
        Mailbox mailbox, string organisation, LinkSender sender, Reader reader, SealingKey key, string code, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(reader.Language).Speak();
        var text = LinkTexts.CodeBody.With(code, sender.Name, organisation, ReaderCode.Lasts.TotalMinutes);
        return notices.PrepareAsync(mailbox, organisation, AddressOf(reader, key), LinkTexts.CodeSubject.With(organisation), text, cancellationToken);
    }

    private static AddrSpec AddressOf(Reader reader, SealingKey key) =>
        AddrSpec.TryParse(reader.Address(key), out var address) ? address : throw new InvalidOperationException("A reader's address is none.");

    private static string Day(DateTimeOffset instant) => instant.ToString(LinkTexts.DayFormat, CultureInfo.CurrentCulture);
}
