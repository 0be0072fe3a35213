using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>How it looks and how it is driven: colours, keys, pictures.</summary>
public sealed class AppearanceTests(Browser browser, JourneyPortal portal)
{
    private const string Dark = "rgb(31, 31, 31)";

    [Fact]
    public async Task A_browser_keeps_the_colours_that_were_chosen_in_it()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "bob@example.test");
        await page.GotoAsync("/account");
        await page.Part("theme-dark").CheckAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", Dark);
        await page.ReloadAsync();
        await Expect(page.Part("theme-dark")).ToBeCheckedAsync();
        await page.GotoAsync("/leave");
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", Dark);
        await page.GotoAsync("/account");
        await page.Part("theme-system").CheckAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
    }

    [Fact]
    public async Task Keys_lead_everywhere_and_take_back_what_they_did()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await page.Part("message-row").Filter(new() { HasText = "Office hours" }).ClickAsync();
        await page.Part("verdict").WaitForAsync();
        await page.Locator(".pane").FocusAsync();
        await page.Keyboard.PressAsync("e");
        await Expect(page.Part("message-row").Filter(new() { HasText = "Office hours" })).ToHaveCountAsync(0);
        await page.Part("undo").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Part("message-row").Filter(new() { HasText = "Office hours" })).ToHaveCountAsync(1);
        await Expect(page.Locator(".rows")).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("?");
        await Expect(page.Part("shortcuts").GetByRole(AriaRole.Button)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Part("shortcuts")).ToBeHiddenAsync();
        await Expect(page.Locator(".rows")).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("c");
        await page.Part("compose-to").FillAsync("bob@example.test");
        await page.Part("compose-subject").FillAsync(JourneyTests.Unique("By key"));
        await page.Part("compose-body").FillAsync("Sent without a mouse?");
        await page.Part("compose-body").PressAsync("Control+Enter");
        await Expect(page.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
    }

    /// <summary>The pictures of the README, where PORTAL_TEST_SCREENSHOTS asks for pictures.</summary>
    [Fact]
    public async Task Two_pictures_show_what_it_looks_like()
    {
        await using var demo = new SqlitePortal();
        await demo.InitializeAsync();
        var page = await JourneyTests.SignedInAsync(browser, demo, "alice@example.test");
        await Expect(page.GetByText("Being opened…")).ToHaveCountAsync(0);
        await page.Part("message-row").Filter(new() { HasText = "Lab results" }).ClickAsync();
        await page.Part("message-body").ContentFrame.Locator("body").WaitForAsync();
        await page.PictureAsync("inbox");

        await page.GotoAsync("/compose");
        await page.Part("compose-to").FillAsync("bob@example.test, carol@outside.test, nobody@outside.test");
        await page.Part("compose-subject").FillAsync("Discharge on Friday");
        await page.Part("compose-body").FillAsync("Dear all,\n\nplease find the care plan attached. Call me if anything is unclear.\n\nAlice");
        await page.Part("compose-attach").SetInputFilesAsync(new FilePayload { Name = "care-plan.pdf", MimeType = "application/pdf", Buffer = new byte[184_320] });
        await page.Part("compose-attachment").WaitForAsync();
        await Expect(page.Part("recipient-outcome")).ToHaveCountAsync(3);
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
        await page.PictureAsync("compose");
    }
}
