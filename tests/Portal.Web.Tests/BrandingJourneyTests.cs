using System.Net;
using Microsoft.Playwright;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>An administrator says how the organisation looks, and a stranger meets that in their own language.</summary>
public sealed class BrandingJourneyTests(Browser browser) : IAsyncLifetime
{
    private const string Address = "claire@stranger.test";
    private const string Host = "secure.example.test";
    private const string Words = "Nous vous écrivons au sujet de votre santé.";
    private readonly JourneyPortal _portal = new SqlitePortal();
    private readonly SocketsHttpHandler _handler = new();

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        _handler.Dispose();
        return _portal.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stranger_meets_the_organisation_in_its_colours_and_their_language(bool phone)
    {
        var alice = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test", phone);
        await ChooseAsync(alice, phone);
        await JourneyTests.WriteAsync(alice, Address, "The findings", "All is well.");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");

        var claire = await browser.OpenAsync(_portal.Process.Address, phone, "fr-CA", scripts: false);
        var link = new Uri(await _portal.MailedAsync(Address, Mailed.Link()));
        Assert.Equal($"https://{Host}/", link.GetLeftPart(UriPartial.Authority) + "/");
        await claire.GotoAsync(link.AbsolutePath);
        await Expect(claire.Locator("html")).ToHaveAttributeAsync("lang", "fr");
        await Expect(claire.Part("brand-name")).ToHaveTextAsync("Clinique Exemple");
        await Expect(claire.Part("brand-words")).ToHaveTextAsync(Words);
        await Expect(claire.Part("link-waits")).ToContainTextAsync("vous a envoyé un message");
        await Expect(claire.Part("link-send")).ToHaveCSSAsync("background-color", "rgb(138, 21, 56)");
        await PictureAsync(claire, "brand-landing", phone);
        await claire.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Expect(claire.Part("link-send")).Not.ToHaveCSSAsync("background-color", "rgb(138, 21, 56)");
        await PictureAsync(claire, "brand-landing-dark", phone);
        await claire.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await claire.Part("link-send").ClickAsync();
        await claire.Part("link-code").FillAsync(await _portal.MailedAsync(Address, Mailed.Code()));
        await claire.Part("link-enter").ClickAsync();
        await Expect(claire.Part("message-subject")).ToHaveTextAsync("The findings");
        await Expect(claire.Part("verdict")).ToContainTextAsync("Signé et scellé");
        await Expect(claire.Part("brand-name")).ToHaveTextAsync("Clinique Exemple");
        await PictureAsync(claire, "brand-message", phone);
        await claire.Part("reader-mailbox").ClickAsync();
        await Expect(claire.Part("reader-language").Locator("option")).ToHaveTextAsync(["English", "Deutsch", "français", "español"]);
        await PictureAsync(claire, "brand-mailbox", phone);

        // Without a link, the host name says whose page it is; at the portal's own address nothing does.
        await claire.GotoAsync("/check");
        await Expect(claire.Part("brand-name")).ToHaveTextAsync("Portal");
        await claire.Part("check-pasted").FillAsync(link.ToString());
        await claire.Part("check").ClickAsync();
        await Expect(claire.Part("check-genuine")).ToContainTextAsync("Clinique Exemple");
        Assert.Contains("Clinique Exemple", await AtAsync(Host, "/check"), StringComparison.Ordinal);
        Assert.DoesNotContain("Clinique Exemple", await AtAsync("other.example.test", "/check"), StringComparison.Ordinal);
        await claire.GotoAsync("/sign-in");
        await Expect(claire.Locator("html")).ToHaveAttributeAsync("lang", "en");
    }

    [Fact]
    public async Task A_logo_is_for_everybody_and_kept_by_browsers()
    {
        var alice = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await alice.GotoAsync("/organisation/branding");
        await alice.Part("logo-file").ChooseAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = [.. "<svg xmlns='http://www.w3.org/2000/svg'/>"u8] });
        await Expect(alice.Part("logo-problem")).ToContainTextAsync("neither PNG nor JPEG");
        await alice.Part("logo-file").ChooseAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = new byte[300_000] });
        await Expect(alice.Part("logo-problem")).ToContainTextAsync("200 KB");
        await alice.Part("logo-file").ChooseAsync(new FilePayload { Name = "logo.svg", MimeType = "image/svg+xml", Buffer = Pictures.Png(120, 40) });
        await Expect(alice.Part("logo-saved")).ToHaveTextAsync("Saved.");
        var address = (await alice.Part("brand-logo").GetAttributeAsync("src"))!;

        using var logo = await GetAsync(address);
        Assert.Equal(("image/png", "nosniff"), (logo.Content.Headers.ContentType!.MediaType, logo.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", logo.Headers.GetValues("Cache-Control")));
        Assert.Equal(Pictures.Png(120, 40), await logo.Content.ReadAsByteArrayAsync(CancellationToken.None));
        using var other = await GetAsync(address.Split('?')[0]);
        Assert.Equal("no-cache", string.Join(", ", other.Headers.GetValues("Cache-Control")));

        await alice.Part("logo-remove").ClickAsync();
        await Expect(alice.Part("brand-logo")).ToHaveCountAsync(0);
        using var gone = await GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private async Task ChooseAsync(IPage alice, bool phone)
    {
        await alice.GotoAsync("/organisation");
        await alice.Part("to-branding").ClickAsync();
        await alice.Part("brand-form-name").FillAsync("Clinique Exemple");
        await alice.Part("brand-accent").FillAsync("#ff9900");
        await alice.Part("brand-text-en").FillAsync("We write to you\nabout your health.");
        await alice.Part("brand-text-fr").FillAsync("Voir https://evil.test");
        await alice.Part("brand-save").ClickAsync();
        await Expect(alice.Part("brand-problem")).ToContainTextAsync("2.1 to 1");
        await PictureAsync(alice, "branding-refused", phone);
        await alice.Part("brand-accent").FillAsync("#8a1538");
        await alice.Part("brand-save").ClickAsync();
        await Expect(alice.Part("brand-problem")).ToContainTextAsync("has a link");
        await alice.Part("brand-text-fr").FillAsync(Words);
        await alice.Part("brand-save").ClickAsync();
        await Expect(alice.Part("brand-saved")).ToHaveTextAsync("Saved.");
        await alice.Part("logo-file").ChooseAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = Pictures.Png(120, 40) });
        await Expect(alice.Part("logo-saved")).ToHaveTextAsync("Saved.");
        await alice.Part("brand-host").FillAsync("secure.elsewhere.test");
        await alice.Part("host-save").ClickAsync();
        await Expect(alice.Part("host-problem")).ToContainTextAsync("below a mail domain");
        await alice.Part("brand-host").FillAsync(Host);
        await alice.Part("host-save").ClickAsync();
        await Expect(alice.Part("host-saved")).ToContainTextAsync("Saved.");
        await alice.Part("preview-language").SelectOptionAsync("fr");
        await Expect(alice.Part("preview-notice")).ToContainTextAsync(Words);
        await Expect(alice.Part("preview-notice")).ToContainTextAsync($"https://{Host}/open/");
        await Expect(alice.Part("preview-page")).ToContainTextAsync("Un message pour vous");
        await alice.Part("brand-form-name").ScrollIntoViewIfNeededAsync();
        await PictureAsync(alice, "branding", phone);
        await alice.Part("preview-notice").ScrollIntoViewIfNeededAsync();
        await PictureAsync(alice, "branding-below", phone);
    }

    private async Task<string> AtAsync(string host, string path)
    {
        using var answer = await GetAsync(path, host);
        return await answer.Content.ReadAsStringAsync(CancellationToken.None);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? host = null)
    {
        using var client = new HttpMessageInvoker(_handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_portal.Process.Address, path)) { Headers = { Host = host } };
        return await client.SendAsync(request, CancellationToken.None);
    }

    private Task PictureAsync(IPage page, string name, bool phone) => browser.LookAsync(page, name, phone);
}
