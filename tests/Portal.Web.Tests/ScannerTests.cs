using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Mail scanners, link previews and impatient fingers: what follows every link uses nothing up.</summary>
public sealed class ScannerTests(Browser browser) : IAsyncLifetime
{
    private const string Address = "mallory@stranger.test";

    private static readonly string[] Scanners =
    [
        "Mozilla/5.0 (compatible; BingPreview/1.0b)", "SkypeUriPreview Preview/0.5", "Slackbot-LinkExpanding 1.0", "WhatsApp/2.23.20.0", "TelegramBot (like TwitterBot)",
        "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; proofpoint)", "Barracuda Sentinel (EE)", "Mimecast", "curl/8.5.0",
    ];

    private readonly JourneyPortal _portal = new SqlitePortal();
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = true, UseCookies = true };

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _handler.Dispose();
        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task A_link_that_scanners_followed_is_alive_unopened_and_in_no_log()
    {
        var alice = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await JourneyTests.WriteAsync(alice, Address, "The findings", "All is wonderfully well.");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");
        var link = await _portal.MailedAsync(Address, Mailed.Link());
        foreach (var scanner in Scanners)
        {
            foreach (var method in new[] { HttpMethod.Head, HttpMethod.Get, HttpMethod.Get, HttpMethod.Head, HttpMethod.Get })
            {
                Assert.Equal(HttpStatusCode.OK, await FollowAsync(method, link, scanner));
            }
        }

        await alice.ReloadAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");
        Assert.Single(new DirectoryInfo(Path.Combine(_portal.DataDirectory, "pickup")).GetFiles("*.eml"), one => File.ReadAllText(one.FullName).Contains($"To: {Address}", StringComparison.Ordinal));

        var mallory = await browser.OpenAsync(_portal.Process.Address, scripts: false);
        await mallory.GotoAsync(link);
        await mallory.Part("link-send").ClickAsync();
        var code = await _portal.MailedAsync(Address, Mailed.Code());
        Assert.Equal(1, await ProvedAtOnceAsync(mallory, code));
        Assert.DoesNotContain(new Uri(link).Segments[^1], _portal.Process.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("wonderfully", _portal.Process.Said, StringComparison.Ordinal);
    }

    /// <returns>How many of ten browsers with the same link and code, at once, are let in.</returns>
    private static async Task<int> ProvedAtOnceAsync(IPage page, string code)
    {
        var form = await page.Locator("form", new() { Has = page.Part("link-code") }).EvaluateAsync<Dictionary<string, string>>("form => Object.fromEntries(new FormData(form))");
        form["Form.Code"] = code;
        var cookies = string.Join("; ", (await page.Context.CookiesAsync()).Select(one => $"{one.Name}={one.Value}"));
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpMessageInvoker(handler);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(page.Url)) { Content = new FormUrlEncodedContent(form) };
            request.Headers.Add("Cookie", cookies);
            using var answer = await client.SendAsync(request, CancellationToken.None);
            return answer.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(one => one.StartsWith("portal-reader=", StringComparison.Ordinal));
        }));
        return answers.Count(one => one);
    }

    private async Task<HttpStatusCode> FollowAsync(HttpMethod method, string link, string scanner)
    {
        using var client = new HttpMessageInvoker(_handler, disposeHandler: false);
        using var request = new HttpRequestMessage(method, link);
        request.Headers.TryAddWithoutValidation("User-Agent", scanner);
        request.Headers.Add("Purpose", "prefetch");
        using var answer = await client.SendAsync(request, CancellationToken.None);
        return answer.StatusCode;
    }
}
