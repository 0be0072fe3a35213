using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>A stranger gets a link, shows who they are, and reads: without a script, and on a phone.</summary>
public sealed partial class ReaderJourneyTests(Browser browser) : IAsyncLifetime
{
    private readonly JourneyPortal _portal = JourneyPortal.OnSqlite();

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stranger_reads_what_was_sent_to_them_and_its_sender_sees_that(bool phone)
    {
        var address = $"erin{(phone ? 2 : 1)}@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await JourneyTests.WriteAsync(alice, address, "The findings", "All is well.");
        await Expect(alice.Part("recipient-outcome")).ToHaveAttributeAsync("data-handling", "secure-link");
        await alice.PictureAsync("link-compose-1440");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");
        await alice.PictureAsync("link-sent-1440");
        await alice.Part("verdict").Locator("summary").First.ClickAsync();
        await Expect(alice.Part("verdict").Locator(".details")).ToBeVisibleAsync();
        await Expect(alice.Part("recheck")).ToHaveCountAsync(0);

        var erin = await browser.OpenAsync(_portal.Process.Address, phone, scripts: false);
        await erin.GotoAsync(await InMailAsync(address, Link()));
        Assert.Equal("/read", new Uri(erin.Url).AbsolutePath);
        await Expect(erin.Part("link-waits")).ToContainTextAsync("alice@example.test");
        await PictureAsync(erin, "link-landing", phone);
        await erin.Part("link-send").ClickAsync();
        await erin.Part("link-code").FillAsync("000000");
        await PictureAsync(erin, "link-code", phone);
        await erin.Part("link-enter").ClickAsync();
        await Expect(erin.Part("link-problem")).ToContainTextAsync("4");
        await PictureAsync(erin, "link-code-wrong", phone);
        await erin.Part("link-code").FillAsync(await InMailAsync(address, Code()));
        await erin.Part("link-enter").ClickAsync();

        await Expect(erin.Part("message-subject")).ToHaveTextAsync("The findings");
        await JourneyTests.ExpectVerdictAsync(erin, "signed-valid", "true");
        await Expect(erin.FrameLocator("[data-testid=message-body]").Locator("body")).ToContainTextAsync("All is well.");
        await PictureAsync(erin, "link-message", phone);
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "opened");
        await alice.PictureAsync("link-opened-1440");

        foreach (var nothing in (string[])[$"/read/{Guid.NewGuid()}", $"/read/{Guid.NewGuid()}/body", $"{new Uri(erin.Url).AbsolutePath}/attachments/0"])
        {
            Assert.Equal((nothing, 404), (nothing, (await erin.GotoAsync(nothing))!.Status));
            await erin.GoBackAsync();
        }

        await erin.Part("reader-leave").ClickAsync();
        await Expect(erin.Part("reader-left")).ToBeVisibleAsync();
        await erin.GoBackAsync();
        await erin.ReloadAsync();
        await Expect(erin.Part("link-unknown")).ToBeVisibleAsync();
    }

    private static Task PictureAsync(IPage page, string name, bool phone) => page.PictureAsync($"{name}-{(phone ? 390 : 1440)}");

    /// <summary>In the newest mail to somebody that has it.</summary>
    private async Task<string> InMailAsync(string address, Regex wanted)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var mail = new DirectoryInfo(Path.Combine(_portal.DataDirectory, "pickup"));
            var files = mail.Exists ? mail.GetFiles("*.eml") : [];
            foreach (var file in files.OrderByDescending(one => one.LastWriteTimeUtc))
            {
                var message = await MimeMessage.LoadAsync(file.FullName);
                if (message.To.ToString() == address && wanted.Match(message.TextBody ?? string.Empty) is { Success: true } match)
                {
                    return match.Value;
                }
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"No mail to {address} has {wanted}.");
    }

    [GeneratedRegex("http://\\S+/open/[A-Za-z0-9_-]+")]
    private static partial Regex Link();

    [GeneratedRegex("^\\d{6}\\b")]
    private static partial Regex Code();
}
