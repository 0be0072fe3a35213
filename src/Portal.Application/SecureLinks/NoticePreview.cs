using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Application.Brands;

namespace Portal.Application.SecureLinks;

/// <param name="From">As mail programs show it.</param>
/// <param name="Subject">In one line.</param>
/// <param name="Text">As it is mailed.</param>
public sealed record NoticeView(string From, string Subject, string Text);

/// <summary>A notice as it would be mailed now, about a message that nobody sent.</summary>
public sealed class NoticePreview
{
    private static readonly PublicAddressOptions Unknown = new() { PublicAddress = new Uri("https://portal.example.org") };
    private readonly PublicAddressOptions _address;

    internal NoticePreview(IOptions<PublicAddressOptions> address) => _address = address.Value.PublicAddress is null ? Unknown : address.Value;

    /// <param name="brand">As it is or may become.</param>
    /// <param name="language">Of <see cref="LinkLanguages.All"/>.</param>
    /// <param name="sender">The mailbox that it is sent from.</param>
    /// <param name="name">Who they are.</param>
    /// <param name="until">How long the message could be read.</param>
    public NoticeView Of(BrandView brand, string language, string sender, string name, DateTimeOffset until)
    {
        var (culture, words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            var domain = sender[(sender.LastIndexOf('@') + 1)..];
            return new NoticeView(
                $"{brand.Name} <no-reply@{domain}>", LinkTexts.NoticeSubject.With(name), LinkNotices.Text(LinkTexts.NoticeLead.With(name, sender, brand.Name), brand, _address, "…", until, phrase: null));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, words);
        }
    }
}
