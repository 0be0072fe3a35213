using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>What was written is there again, whatever happens to page and server.</summary>
public sealed class KilledServerTests(Browser browser) : IAsyncLifetime
{
    private readonly JourneyPortal _portal = new();

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task A_draft_survives_a_reload_and_a_killed_server_with_its_attachment()
    {
        var page = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await JourneyTests.WriteAsync(page, "bob@example.test", "Unfinished", "The first sentence.");
        await page.Part("compose-attach").SetInputFilesAsync(new Microsoft.Playwright.FilePayload
        {
            Name = "notes & co.txt",
            MimeType = "text/plain",
            Buffer = new byte[200_000],
        });
        await Expect(page.Part("compose-attachment")).ToContainTextAsync("notes & co.txt");
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
        await page.PictureAsync("compose-attachment-1440");

        await page.ReloadAsync();
        await Expect(page.Part("compose-body")).ToHaveValueAsync("The first sentence.");
        await page.Part("compose-body").FillAsync("The first sentence. And the second.");
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");

        await _portal.Process.KillAsync();
        await Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        await page.Part("compose-body").FillAsync("The first sentence. And the second. And one while nobody listens.");
        await page.Part("compose-subject").FillAsync("Finished");
        await page.Part("compose-body").EvaluateAsync("box => { box.focus(); box.setSelectionRange(10, 10); }");
        await page.PictureAsync("server-gone-1440");
        await _portal.Process.StartAsync();
        await Expect(page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        await Expect(page.Part("compose-body")).ToHaveValueAsync("The first sentence. And the second. And one while nobody listens.");
        await Expect(page.Part("compose-subject")).ToHaveValueAsync("Finished");
        await Expect(page.Part("compose-body")).ToBeFocusedAsync();
        Assert.Equal(10, await page.Part("compose-body").EvaluateAsync<int>("box => box.selectionStart"));
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
        await Expect(page.Part("compose-attachment")).ToContainTextAsync("notes & co.txt");

        await page.Part("compose-send").ClickAsync();
        await Expect(page.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
        await Expect(page.Part("attachment")).ToContainTextAsync("notes & co.txt");
    }

    [Fact]
    public async Task An_interruption_leaves_everything_where_it_was_and_saves_what_was_typed_meanwhile()
    {
        var page = await JourneyTests.SignedInAsync(browser, _portal, "bob@example.test");
        var isAway = false;
        Microsoft.Playwright.IWebSocketRoute? line = null;
        await page.RouteWebSocketAsync("**/_blazor*", route =>
        {
            if (isAway)
            {
                route.CloseAsync();
                return;
            }

            line = route;
            route.ConnectToServer();
        });
        await page.RouteAsync("**/_blazor/**", route => isAway ? route.AbortAsync() : route.ContinueAsync());
        await JourneyTests.WriteAsync(page, "alice@example.test", "On the train", "Before the tunnel.");
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");

        isAway = true;
        await line!.CloseAsync();
        await Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("document.querySelector('.offline').getBoundingClientRect().bottom <= document.querySelector('.app').getBoundingClientRect().top");
        await page.Part("compose-body").FillAsync("Before the tunnel. In the tunnel.");
        await page.Part("compose-to").FillAsync("alice@example.test, bob@example.test");
        await page.EvaluateAsync("window.isTheSamePage = true");
        isAway = false;

        await Expect(page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        await Expect(page.Part("recipient-outcome")).ToHaveCountAsync(2);
        Assert.True(await page.EvaluateAsync<bool>("window.isTheSamePage"));
        await page.Locator("a.brand").ClickAsync();
        await page.Part("folder-drafts").ClickAsync();
        await page.Part("draft-row").Filter(new() { HasText = "On the train" }).ClickAsync();
        await Expect(page.Part("compose-body")).ToHaveValueAsync("Before the tunnel. In the tunnel.");
    }
}
