using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Who goes on before a page is complete sees the next one, whatever of the first still comes.</summary>
public sealed class LeftPagesTests(Browser browser, JourneyPortal portal)
{
    [Theory]
    [InlineData("/compose", "a.brand", "list.js", "[data-testid=folder-drafts]")]
    [InlineData("/mail/drafts", "[data-testid=compose]", "addresses.js", "a.brand")]
    [InlineData("/mail/drafts", "[data-testid=compose]", "editor.js", "a.brand")]
    [InlineData("/mail/drafts", "[data-testid=compose]", "upload.js", "a.brand")]
    public async Task A_script_that_comes_too_late_concerns_nobody(string from, string left, string script, string next)
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        var (asked, released) = (new TaskCompletionSource(), new TaskCompletionSource());

        // The page that signing in leads to has what it needs, and asks for nothing more.
        await page.EvaluateAsync("import('/js/list.js')");
        await page.RouteAsync($"**/js/{script}", async route =>
        {
            asked.TrySetResult();
            await released.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(from);
        await page.Locator(left).ClickAsync();
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await page.Locator(next).ClickAsync();
        var theNext = page.Locator(next.Contains("drafts", StringComparison.Ordinal) ? "h1:has-text('Drafts')" : "[data-testid=folder-inbox][aria-current]");
        await Expect(theNext).ToBeVisibleAsync();
        await page.EvaluateAsync("new MutationObserver(() => window.hasFailed ||= !!document.querySelector('.problem.whole')).observe(document.body, { subtree: true, childList: true })");

        released.SetResult();
        await page.EvaluateAsync($"import('/js/{script}')");

        // Each goes to the circuit and back: what the script asked there is answered before.
        for (var visits = 0; visits < 2; visits++)
        {
            await page.Locator("a.brand").ClickAsync();
            await Expect(page.Part("folder-inbox")).ToHaveAttributeAsync("aria-current", "page");
            await page.Part("folder-drafts").ClickAsync();
            await Expect(page.Locator("h1")).ToHaveTextAsync("Drafts");
        }

        Assert.False(await page.EvaluateAsync<bool>("window.hasFailed"));
    }

    /// <summary>A link that is drawn anew between pressing and letting go was not clicked.</summary>
    [Theory]
    [InlineData("/mail/inbox", "message-row")]
    [InlineData("/mail/drafts", "folder-inbox")]
    public async Task What_can_be_pressed_stays_where_it_is_while_the_rest_comes(string address, string rest)
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await page.AddInitScriptAsync("new MutationObserver(() => window.first ??= document.querySelector('[data-testid=compose]')).observe(document, { subtree: true, childList: true })");
        await page.GotoAsync(address);
        await page.Part(rest).First.WaitForAsync();
        await page.Locator(".ghost").First.WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        Assert.True(await page.EvaluateAsync<bool>("window.first.isConnected"));
    }
}
