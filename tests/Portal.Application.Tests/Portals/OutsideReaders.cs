using System.Text.RegularExpressions;
using MimeKit;
using Portal.Application.Accounts;
using Portal.Application.Mailboxes;
using Portal.Application.SecureLinks;
using Portal.Application.Transport;

namespace Portal.Application.Tests.Portals;

/// <summary>People outside to whom one person has sent something: they read their mail, follow the link, type the code.</summary>
internal sealed partial class OutsideReaders(TestPortal portal, SignedInPerson sender)
{
    public static readonly (string, string) PublicAddress = ("Portal:PublicAddress", "https://mail.example.test");
    public static readonly SessionOrigin Browser = new("Firefox · Linux", "192.0.2.1");

    private static readonly CancellationToken Never = CancellationToken.None;

    private ReaderEntry Entry => portal.Get<ReaderEntry>();

    public async Task<SentLinksView> LinksAsync(StoredMessageId sent) => (await portal.Get<SentLinks>().OfAsync(sender.Account, sent, Never))!;

    public Task<CodeEntry> EnterAsync(string token, string code) => Entry.EnterAsync(token, code, Browser, Never);

    public async Task<CodeEntry.Proved> ProveAsync(StoredMessageId sent, string reader)
    {
        var token = await TokenAsync(sent, reader);
        await Entry.SendCodeAsync(token, Never);
        return Assert.IsType<CodeEntry.Proved>(await EnterAsync(token, await CodeAsync(reader)));
    }

    /// <summary>Of the newest notice to them.</summary>
    public async Task<string> TokenAsync(StoredMessageId sent, string reader)
    {
        await portal.WorkUntilAsync(async () => (await LinksAsync(sent)).Links.All(one => one.ReadyAt is not null));
        await portal.WorkOffAsync();
        return (await MailToAsync(reader)).Select(mail => Link().Match(mail.TextBody!)).Last(match => match.Success).Groups[1].Value;
    }

    /// <summary>The newest that was sent to them.</summary>
    public async Task<string> CodeAsync(string reader)
    {
        await portal.WorkOffAsync();
        return (await MailToAsync(reader)).Select(mail => Code().Match(mail.TextBody!)).Last(match => match.Success).Value;
    }

    public async Task<IReadOnlyList<MimeMessage>> MailToAsync(string reader) => (await MailAsync()).Where(mail => mail.To.ToString() == reader).ToList();

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<MimeMessage>> MailAsync()
    {
        var mail = new List<MimeMessage>();
        foreach (var file in portal.Get<Pickup>().List().Reverse())
        {
            await using var content = portal.Get<Pickup>().Open(file.Name)!;
            mail.Add(await MimeMessage.LoadAsync(content));
        }

        return mail;
    }

    [GeneratedRegex("https://mail\\.example\\.test/open/([A-Za-z0-9_-]+)")]
    private static partial Regex Link();

    [GeneratedRegex("^\\d{6}\\b")]
    private static partial Regex Code();
}
