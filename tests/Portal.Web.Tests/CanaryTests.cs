using System.Net;
using System.Text;
using Microsoft.Playwright;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Words of a message are nowhere on disk but sealed: not in the database, its log, ours, or anything temporary.</summary>
public sealed class CanaryTests(Browser browser) : IAsyncDisposable
{
    private readonly string _subject = $"subjectcanary{Guid.NewGuid():N}";
    private readonly string _body = $"bodycanary{Guid.NewGuid():N}";
    private readonly string _file = $"filecanary{Guid.NewGuid():N}";
    private readonly string _name = $"namecanary{Guid.NewGuid():N}";
    private JourneyPortal _portal = new();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_a_message_rests_in_the_clear(bool onSqlite)
    {
        _portal = onSqlite ? new SqlitePortal() : _portal;
        await _portal.InitializeAsync();
        var alice = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await JourneyTests.WriteAsync(alice, "bob@example.test", _subject, _body);
        await Expect(alice.Part("saved")).ToContainTextAsync("Saved");
        await DemandSilenceAsync();

        // In the middle of an upload: three megabytes are there, the rest is still to come.
        using var upload = new HeldBack(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{_file}\n", 60_000))));
        var sending = UploadAsync(alice, upload);
        await upload.UntilHalfAsync();
        await DemandSilenceAsync();
        upload.GoOn();
        Assert.True(await sending);
        await alice.ReloadAsync();
        await Expect(alice.Part("compose-attachment")).ToHaveCountAsync(1);

        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
        var bob = await JourneyTests.SignedInAsync(browser, _portal, "bob@example.test");
        await bob.Part("message-row").Filter(new() { HasText = _subject }).ClickAsync();
        await Expect(bob.Locator("iframe").ContentFrame.Locator("body")).ToContainTextAsync(_body);
        await DemandSilenceAsync();
    }

    private async Task DemandSilenceAsync()
    {
        var canaries = new[] { _subject, _body, _file, _name };
        if (_portal.Database is { } database)
        {
            await database.AskAsync("checkpoint");

            // With its log, which lies beside the data.
            Assert.Empty(await CanarySearch.FindAsync(canaries, Path.GetDirectoryName(TestServers.Get("PORTAL_TEST_POSTGRES_DATA"))!));
        }

        Assert.Empty(await CanarySearch.FindAsync(canaries, _portal.DataDirectory, Path.GetTempPath()));
        Assert.All(canaries, canary => Assert.DoesNotContain(canary, _portal.Process.Said, StringComparison.Ordinal));
    }

    /// <summary>As the page sends it, with the page's session and token.</summary>
    private async Task<bool> UploadAsync(IPage page, HeldBack file)
    {
        var draft = page.Url[(page.Url.LastIndexOf('/') + 1)..];
        var cookies = await page.Context.CookiesAsync();
        var token = await page.Locator("meta[name=portal-form]").GetAttributeAsync("content");
        using var handler = new SocketsHttpHandler { UseCookies = false };
        using var client = new HttpMessageInvoker(handler);
        using var announced = await SendAsync(Upload.Announce(new Uri(_portal.Process.Address, $"/drafts/{draft}/attachments"), $"{_name}.txt", file.Length));
        using var answer = await SendAsync(Upload.Part(new Uri(_portal.Process.Address, announced.Headers.Location!), 0, file));
        return Upload.IsWhole(answer);

        async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
        {
            using (request)
            {
                request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));
                request.Headers.Add("X-Portal-Form", token);
                request.Headers.TransferEncodingChunked = request.Content is not null;
                return await client.SendAsync(request, CancellationToken.None);
            }
        }
    }

    /// <summary>Sends half, and the rest when it is told to.</summary>
    private sealed class HeldBack(byte[] bytes) : HttpContent
    {
        private readonly TaskCompletionSource _half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Length => bytes.Length;

        public async Task UntilHalfAsync()
        {
            await _half.Task;

            // What was sent is with the server a moment later.
            await Task.Delay(1500);
        }

        public void GoOn() => _goOn.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            _half.TrySetResult();
            await _goOn.Task;
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
