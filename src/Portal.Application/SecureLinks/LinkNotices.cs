using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Application.Brands;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Smime.Pkix;

namespace Portal.Application.SecureLinks;

/// <summary>What readers are mailed: that something waits for them, and codes. Plain, in their language, from the sender's own domain.</summary>
internal sealed class LinkNotices(Notices notices, BrandReading brands, IOptions<PublicAddressOptions> address)
{
    /// <summary>How the organisation looks to its readers; the same for all notices of one work.</summary>
    public Task<BrandView> BrandOfAsync(OrganisationId organisation, CancellationToken cancellationToken) => brands.OfAsync(organisation, cancellationToken);

    /// <param name="mailbox">The sender's, through which it goes.</param>
    /// <param name="brand">The organisation's.</param>
    /// <param name="message">What waits.</param>
    /// <param name="reader">To whom.</param>
    /// <param name="link">Theirs.</param>
    /// <param name="key">The organisation's.</param>
    /// <param name="reminds">They were told before.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<PreparedNotice> OfMessageAsync(
        Mailbox mailbox, BrandView brand, SecureMessage message, Reader reader, SecureLinkId link, SealingKey key, bool reminds, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(reader.Language).Speak();
        var sender = message.Sender(key);
        var lead = message.AuthorId is null ? LinkTexts.NoticeLead.With(sender.Name, sender.Address, brand.Name) : LinkTexts.NoticeLeadOfReader.With(sender.Address, brand.Name);
        var text = Text(lead, brand, address.Value, LinkTokens.Of(link, key), message.ExpiresAt, reader.Phrase(key));
        var subject = reminds ? LinkTexts.ReminderSubject : LinkTexts.NoticeSubject;
        return notices.PrepareAsync(mailbox, brand.Name, AddressOf(reader, key), subject.With(sender.Name), text, cancellationToken);
    }

    public Task<PreparedNotice> OfCodeAsync(
        Mailbox mailbox, BrandView brand, LinkSender sender, Reader reader, SealingKey key, string code, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(reader.Language).Speak();
        var text = LinkTexts.CodeBody.With(code, sender.Name, brand.Name, ReaderCode.Lasts.TotalMinutes, reader.Phrase(key) is { } phrase ? $"\n{LinkTexts.NoticePhrase.With(phrase)}\n" : string.Empty);
        return notices.PrepareAsync(mailbox, brand.Name, AddressOf(reader, key), LinkTexts.CodeSubject.With(brand.Name), text, cancellationToken);
    }

    /// <summary>Readable by all in that mailbox, as every notice: it is not encrypted for the certificate that it tells of.</summary>
    public Task<PreparedNotice> OfCertificateAsync(
        Mailbox mailbox, BrandView brand, LinkSender sender, Reader reader, SealingKey key, X509Certificate2 certificate, bool waits, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(reader.Language).Speak();
        var text = LinkTexts.CertificateBody.With(
            brand.Name,
            PlainText.Line(certificate.DisplayName()),
            PlainText.Line(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)),
            certificate.NotAfter.ToUniversalTime().ToString(LinkTexts.DayFormat, CultureInfo.CurrentCulture),
            ReaderCertificates.FingerprintOf(certificate),
            waits ? LinkTexts.CertificateWaits.With(brand.Name) : LinkTexts.CertificateUsed.With(brand.Name),
            sender.Name,
            sender.Address,
            LinkTo(brand, address.Value, "/read/mailbox"),
            reader.Phrase(key) is { } phrase ? LinkTexts.NoticePhrase.With(phrase) : LinkTexts.NoticeNoPhrase);
        return notices.PrepareAsync(mailbox, brand.Name, AddressOf(reader, key), LinkTexts.CertificateSubject.With(brand.Name), text, cancellationToken);
    }

    /// <summary>In the language that is spoken; <paramref name="lead"/> says who has written.</summary>
    public static string Text(string lead, BrandView brand, PublicAddressOptions address, string token, DateTimeOffset until, string? phrase)
    {
        var known = phrase is null ? LinkTexts.NoticeNoPhrase : LinkTexts.NoticePhrase.With(phrase);
        return LinkTexts.NoticeBody.With(
            lead,
            brand.Name,
            LinkTo(brand, address, $"/open/{token}"),
            until.ToString(LinkTexts.DayFormat, CultureInfo.CurrentCulture),
            brand.TextIn(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) is { } own ? $"{own}\n\n{known}" : known,
            LinkTo(brand, address, "/check"));
    }

    private static string LinkTo(BrandView brand, PublicAddressOptions address, string path) => brand.Host is { } host ? $"https://{host}{path}" : address.LinkTo(path);

    private static AddrSpec AddressOf(Reader reader, SealingKey key) =>
        AddrSpec.TryParse(reader.Address(key), out var address) ? address : throw new InvalidOperationException("A reader's address is none.");
}
