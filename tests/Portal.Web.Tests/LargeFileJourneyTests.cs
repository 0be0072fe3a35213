using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Files that are too large for mail: they come in spite of lost connections, travel beside the message, and are fetched by whoever got it.</summary>
public sealed partial class LargeFileJourneyTests(Browser browser, SqlitePortal portal) : IClassFixture<SqlitePortal>, IAsyncLifetime
{
    private const int Length = 27 << 20;
    private string _film = null!;

    public async ValueTask InitializeAsync()
    {
        _film = Path.Combine(portal.DataDirectory, "film.mp4");
        await File.WriteAllBytesAsync(_film, RandomNumberGenerator.GetBytes(Length));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_film_goes_on_where_its_upload_broke_off_and_reaches_everybody(bool phone)
    {
        var gina = $"gina{(phone ? 2 : 1)}@stranger.test";
        var subject = $"The film {(phone ? 2 : 1)}";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test", phone);
        await JourneyTests.WriteAsync(alice, $"bob@example.test, {gina}", subject, "Look.");
        var network = await alice.Context.NewCDPSessionAsync(alice);
        await ThrottleAsync(network, 8_000_000);
        await alice.Part("compose-attach").SetInputFilesAsync(_film);
        await Expect(alice.Part("upload-state")).ToContainTextAsync(new Regex("[1-9][0-9] %"));
        await PictureAsync(alice, "upload-runs", phone);

        // The connection is lost, and comes back.
        await alice.RouteAsync("**/attachments/**", route => route.AbortAsync());
        await Expect(alice.Part("upload-state")).ToContainTextAsync("waits");
        await PictureAsync(alice, "upload-waits", phone);
        await alice.UnrouteAllAsync();
        await Expect(alice.Part("upload-state")).ToContainTextAsync(new Regex("[1-9][0-9] %"));

        // The page is left, and opened again.
        await Expect(alice.Part("saved")).ToContainTextAsync("Saved");
        await alice.ReloadAsync();
        await Expect(alice.Part("compose-attachment")).ToHaveAttributeAsync("data-whole", "false");
        await PictureAsync(alice, "upload-unfinished", phone);
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("compose-problem")).ToContainTextAsync("not come to its end");
        await ThrottleAsync(network, -1);
        await alice.Part("compose-attach").SetInputFilesAsync(_film);
        await Expect(alice.Part("compose-attachment")).ToHaveAttributeAsync("data-whole", "true", new() { Timeout = 30_000 });
        await Expect(alice.Part("compose-attachment")).ToHaveCountAsync(1);
        await PictureAsync(alice, "upload-done", phone);
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed", new() { Timeout = 30_000 });
        await Expect(alice.Part("sent-file")).ToHaveAttributeAsync("data-downloads", "0");
        await PictureAsync(alice, "file-sent", phone);

        var bob = await JourneyTests.SignedInAsync(browser, portal, "bob@example.test");
        await bob.Part("message-row").Filter(new() { HasText = subject }).ClickAsync();
        await JourneyTests.ExpectVerdictAsync(bob, "signed-valid", "true");
        await DemandAsync(await bob.RunAndWaitForDownloadAsync(() => bob.Part("attachment").ClickAsync()));
        await Expect(alice.Part("sent-file")).ToHaveAttributeAsync("data-downloads", "1");

        var reader = await Outside.ReadingAsync(browser, portal, gina, phone);
        await Expect(reader.Part("attachment")).ToContainTextAsync("27 MB");
        await PictureAsync(reader, "file-message", phone);
        await DemandAsync(await reader.RunAndWaitForDownloadAsync(() => reader.Part("attachment").ClickAsync()));

        // Whoever has the link that stands in the message.
        await bob.Part("forward").ClickAsync();
        var link = Link().Match(await bob.Part("compose-body").InputValueAsync()).Value;
        var stranger = await browser.OpenAsync(portal.Process.Address, phone, scripts: false);
        await stranger.GotoAsync(new Uri(link).AbsolutePath);
        Assert.DoesNotContain(link[^43..], stranger.Url, StringComparison.Ordinal);
        await Expect(stranger.Part("file-name")).ToHaveTextAsync("film.mp4");
        await Expect(stranger.Part("file-hash")).ToHaveTextAsync(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(_film))));
        await PictureAsync(stranger, "file", phone);
        var content = $"{new Uri(stranger.Url).AbsolutePath}/content";
        Assert.NotEqual(HttpStatusCode.PartialContent, (await RangeAsync(stranger, content)).Status);
        await DemandAsync(await stranger.RunAndWaitForDownloadAsync(() => stranger.Part("file-fetch").ClickAsync()));
        await Expect(alice.Part("sent-file")).ToHaveAttributeAsync("data-downloads", "3");

        // What broke off is gone on with, and is no further download.
        var (status, bytes) = await RangeAsync(stranger, content);
        Assert.Equal(HttpStatusCode.PartialContent, status);
        Assert.Equal((await File.ReadAllBytesAsync(_film))[1_000_000..], bytes);
        await Expect(alice.Part("sent-file")).ToHaveAttributeAsync("data-downloads", "3");

        await alice.Part("recall").ClickAsync();
        await alice.Part("recall-confirm").ClickAsync();
        await Expect(alice.Part("links-lead")).ToHaveAttributeAsync("data-state", "recalled");
        await stranger.GotoAsync(new Uri(stranger.Url).AbsolutePath);
        await Expect(stranger.Part("file-recalled")).ToBeVisibleAsync();
        await PictureAsync(stranger, "file-recalled", phone);
        Assert.NotEqual(HttpStatusCode.PartialContent, (await RangeAsync(stranger, content)).Status);
    }

    [Fact]
    public async Task A_reader_with_a_script_sees_how_far_their_file_is()
    {
        const string Address = "heidi@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await JourneyTests.WriteAsync(alice, Address, "Your film", "Please send it.");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");
        var heidi = await Outside.ReadingAsync(browser, portal, Address, phone: true, scripts: true);
        await heidi.Part("reader-answer").ClickAsync();
        await heidi.Part("answer-text").FillAsync("Here it is.");
        var network = await heidi.Context.NewCDPSessionAsync(heidi);
        await ThrottleAsync(network, 8_000_000);
        await heidi.Part("answer-files").SetInputFilesAsync(_film);
        await Expect(heidi.Locator("li [role=status]")).ToContainTextAsync(new Regex("[1-9][0-9] %"));
        await heidi.PictureAsync("answer-upload-390");
        await Expect(heidi.Part("answer-send")).ToBeDisabledAsync();
        await ThrottleAsync(network, -1);
        await Expect(heidi.Part("answer-file")).ToContainTextAsync("27 MB", new() { Timeout = 30_000 });
        await Expect(heidi.Part("answer-text")).ToHaveValueAsync("Here it is.");
        await heidi.PictureAsync("answer-uploaded-390");
        await heidi.Part("answer-send").ClickAsync();
        await Expect(heidi.Part("answer-sent")).ToBeVisibleAsync();

        await alice.GotoAsync("/mail/inbox");
        await alice.Part("message-row").Filter(new() { HasText = "Re: Your film" }).ClickAsync();
        await DemandAsync(await alice.RunAndWaitForDownloadAsync(() => alice.Part("attachment").ClickAsync()));
    }

    private async Task DemandAsync(IDownload download)
    {
        Assert.Equal("film.mp4", download.SuggestedFilename);
        await using var content = await download.CreateReadStreamAsync();
        Assert.Equal(SHA256.HashData(await File.ReadAllBytesAsync(_film)), await SHA256.HashDataAsync(content));
    }

    private static async Task ThrottleAsync(ICDPSession network, long bytesPerSecond) => await network.SendAsync(
        "Network.emulateNetworkConditions", new() { ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = bytesPerSecond });

    /// <summary>From the millionth byte on, as a browser goes on with what broke off.</summary>
    private async Task<(HttpStatusCode Status, byte[] Bytes)> RangeAsync(IPage page, string path)
    {
        using var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(portal.Process.Address, path));
        request.Headers.Add("Cookie", string.Join("; ", (await page.Context.CookiesAsync()).Select(cookie => $"{cookie.Name}={cookie.Value}")));
        request.Headers.Range = new RangeHeaderValue(1_000_000, null);
        using var answer = await client.SendAsync(request, CancellationToken.None);
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }

    private Task PictureAsync(IPage page, string name, bool phone) => browser.LookAsync(page, name, phone);

    [GeneratedRegex("https?://[^ \r\n]*/file/[A-Za-z0-9_-]{43}")]
    private static partial Regex Link();
}
