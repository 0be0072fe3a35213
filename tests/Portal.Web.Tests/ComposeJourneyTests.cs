using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Writing a message, and everything that can get in its way.</summary>
public sealed class ComposeJourneyTests(Browser browser, JourneyPortal portal)
{
    [Fact]
    public async Task Nothing_is_sent_while_a_file_is_on_its_way_and_it_can_be_cancelled()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await JourneyTests.WriteAsync(page, "bob@example.test", "With file", "See the attachment.");
        var network = await page.Context.NewCDPSessionAsync(page);
        await network.SendAsync("Network.emulateNetworkConditions", new() { ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = 200_000 });
        var file = Path.Combine(portal.DataDirectory, "slow.bin");
        await File.WriteAllBytesAsync(file, new byte[8 * 1024 * 1024]);
        await page.Part("compose-attach").SetInputFilesAsync(file);
        await page.Part("upload-cancel").WaitForAsync();

        // Another of the same name has a line of its own.
        await page.Part("compose-attach").SetInputFilesAsync(file);
        await Expect(page.Part("upload")).ToHaveCountAsync(2);
        await page.Part("upload-cancel").First.ClickAsync();
        await Expect(page.Part("upload")).ToHaveCountAsync(1);
        await page.Part("compose-send").ClickAsync();
        await Expect(page.Part("compose-problem")).ToContainTextAsync("still being attached");
        await page.Locator("a.brand").ClickAsync();
        await Expect(page.Part("compose-problem")).ToContainTextAsync("still being attached");
        await page.Part("upload-cancel").ClickAsync();
        await Expect(page.Part("upload")).ToHaveCountAsync(0);
        await page.Part("compose-send").ClickAsync();
        await Expect(page.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
        await Expect(page.Part("attachment")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_file_that_is_cancelled_while_it_is_announced_is_not_there()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await JourneyTests.WriteAsync(page, "bob@example.test", "Without file", "After all.");
        var (announced, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync("**/drafts/*/attachments", async route =>
        {
            var answer = await route.FetchAsync();
            announced.SetResult();
            await released.Task;
            await route.FulfillAsync(new() { Response = answer });
        });
        await page.Part("compose-attach").SetInputFilesAsync(new FilePayload { Name = "a.bin", MimeType = "application/octet-stream", Buffer = new byte[1000] });
        await announced.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await page.Part("upload-cancel").ClickAsync();
        released.SetResult();
        await Expect(page.Part("upload")).ToHaveCountAsync(0);
        await page.Part("compose-send").ClickAsync();
        await Expect(page.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
        await Expect(page.Part("attachment")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_is_planned_for_later_and_taken_back(bool phone)
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test", phone);
        var subject = $"Later {Guid.NewGuid():N}";
        await JourneyTests.WriteAsync(page, "bob@example.test", subject, "Not yet.");
        await page.Part("send-later").ClickAsync();
        await page.Part("send-later-at").FillAsync("2020-01-01T08:00");
        await page.Part("send-later-choose").ClickAsync();
        await Expect(page.Part("compose-problem")).ToContainTextAsync("at least a minute");
        await page.PictureAsync($"send-later-{(phone ? 390 : 1440)}");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        await page.Part("send-later-suggestion").First.ClickAsync();
        await page.Part("draft-row").Filter(new() { HasText = subject }).Filter(new() { HasText = "Will be sent" }).ClickAsync();
        await page.Part("scheduled").WaitForAsync();
        await page.PictureAsync($"scheduled-{(phone ? 390 : 1440)}");
        await page.Part("scheduled-change").ClickAsync();
        await Expect(page.Part("compose-body")).ToHaveValueAsync("Not yet.");
        await page.Part("compose-send").ClickAsync();
        await Expect(page.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
    }

    [Fact]
    public async Task A_draft_that_another_page_has_changed_asks_which_version_counts()
    {
        var first = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await JourneyTests.WriteAsync(first, "bob@example.test", "Two pages", "The text.");
        await Expect(first.Part("saved")).ToContainTextAsync("Saved");
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync(first.Url);
        await second.Part("compose-body").WaitForAsync();
        await JourneyTests.SavingAsync(first, () => first.Part("compose-body").FillAsync("The long text."));
        await second.Part("compose-subject").FillAsync("Stale");
        await Expect(second.Part("changed-elsewhere")).ToBeVisibleAsync();
        await second.PictureAsync("compose-changed-elsewhere-1440");
        await first.ReloadAsync();
        await Expect(first.Part("compose-body")).ToHaveValueAsync("The long text.");
        await second.Part("keep-this").ClickAsync();
        await Expect(second.Part("saved")).ToContainTextAsync("Saved");
    }

    [Fact]
    public async Task A_pasted_list_of_addresses_is_taken_whole()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await page.GotoAsync("/compose");
        var many = string.Join(", ", Enumerable.Range(0, 600).Select(number => $"\"Person number {number} of the list of members\" <p{number}@outside.test>"));
        await page.Part("compose-to").FillAsync(many);
        await Expect(page.Part("too-many")).ToBeVisibleAsync();
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
        await page.ReloadAsync();
        await Expect(page.Part("compose-to")).ToHaveValueAsync(many);
    }

    [Fact]
    public async Task A_text_longer_than_a_circuit_carries_is_saved_and_sent_whole()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        var text = string.Concat(Enumerable.Repeat("Äpfel und Birnen. ", 20_000)) + "The end.";
        await JourneyTests.WriteAsync(page, "bob@example.test", "Long", text);
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
        await page.ReloadAsync();
        Assert.Equal(text.Length, (await page.Part("compose-body").InputValueAsync()).Length);
        await page.Part("compose-send").ClickAsync();
        await Expect(page.Locator("iframe").ContentFrame.Locator("body")).ToContainTextAsync("The end.");
    }

    [Fact]
    public async Task A_new_message_gets_its_address_when_there_is_something_in_it_and_writing_goes_on()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await page.GotoAsync("/compose?to=bob%40example.test");
        await page.Part("recipient-outcome").WaitForAsync();
        await page.Part("compose-copies").ClickAsync();
        Assert.Equal("/compose", new Uri(page.Url).AbsolutePath);
        await page.Part("compose-subject").FocusAsync();
        await page.Keyboard.TypeAsync("Written without looking up", new() { Delay = 120 });
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
        Assert.StartsWith("/compose/", new Uri(page.Url).AbsolutePath, StringComparison.Ordinal);
        await Expect(page.Part("compose-subject")).ToBeFocusedAsync();
        await Expect(page.Part("compose-subject")).ToHaveValueAsync("Written without looking up");
        await page.ReloadAsync();
        await Expect(page.Part("compose-to")).ToHaveValueAsync("bob@example.test");
        await Expect(page.Part("compose-subject")).ToHaveValueAsync("Written without looking up");

        await page.GotoAsync("/mail/drafts");
        var row = page.GetByRole(Microsoft.Playwright.AriaRole.Listitem).Filter(new() { HasText = "Written without looking up" });
        await row.GetByTestId("draft-remove").DblClickAsync();
        await Expect(row.GetByTestId("draft-remove")).ToContainTextAsync("Really");
        await Task.Delay(700);
        await row.GetByTestId("draft-remove").ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Name = "Drafts", Exact = true }).WaitForAsync();
        await Expect(row).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_too_long_is_told_and_not_cut_unseen()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await page.GotoAsync("/compose");
        await page.Part("compose-body").FillAsync(new string('x', 4_000_001));
        await Expect(page.Part("saved")).ToContainTextAsync("longer than 4 MB");
        await page.Part("compose-send").ClickAsync();
        await Expect(page.Part("compose-problem")).ToContainTextAsync("longer than 4 MB");
        await page.Part("compose-body").FillAsync("short");
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
        await page.Part("compose-subject").FillAsync(new string('s', 500));
        await page.Part("subject-full").WaitForAsync();
    }

    [Fact]
    public async Task Whoever_types_without_a_pause_is_saved_too()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await page.GotoAsync("/compose");
        await page.Part("compose-body").FocusAsync();
        await page.Keyboard.TypeAsync(new string('w', 120), new() { Delay = 60 });
        await page.ReloadAsync();
        Assert.InRange((await page.Part("compose-body").InputValueAsync()).Length, 20, 120);
    }

    [Fact]
    public async Task What_was_typed_last_is_kept_on_leaving_and_nothing_leaves_no_draft()
    {
        var page = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await page.Part("compose").ClickAsync();
        await page.Part("compose-subject").FillAsync("Nothing after all");
        await Expect(page).ToHaveURLAsync(new Regex("/compose/[0-9a-f-]+$"));
        var kept = page.Url;
        await page.Part("compose-subject").FillAsync("");
        await page.Locator("a.brand").ClickAsync();
        await page.Part("message-row").First.WaitForAsync();
        Assert.Equal(404, (await page.GotoAsync(kept))!.Status);
        await page.GetByText("This draft is not here any more").WaitForAsync();

        await page.GotoAsync("/mail/inbox");
        await page.Part("compose").ClickAsync();
        await page.Part("compose-subject").FillAsync("Off to the train");
        await page.Part("compose-body").FillAsync("In a hurry");
        await page.Locator("a.brand").ClickAsync();
        await page.Part("folder-drafts").ClickAsync();
        await page.Part("draft-row").Filter(new() { HasText = "Off to the train" }).ClickAsync();
        await Expect(page.Part("compose-body")).ToHaveValueAsync("In a hurry");
    }

    /// <summary>What the page hears of a field is older than what stands in it by then.</summary>
    [Fact]
    public async Task What_is_typed_over_a_slow_line_stays_as_it_was_typed()
    {
        var page = await browser.OpenAsync(portal.Process.Address);
        await page.SlowDownAsync(TimeSpan.FromMilliseconds(200));
        await page.SignInAsync("alice@example.test", JourneyPortal.Password);
        await page.GotoAsync("/compose");
        await page.Part("compose-subject").FocusAsync();
        await page.Keyboard.TypeAsync("Typed over a slow line", new() { Delay = 90 });
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
        await Expect(page.Part("compose-subject")).ToHaveValueAsync("Typed over a slow line");
    }

    /// <summary>A new message gets its address while somebody is on the way to another page: over a slow line the two cross in every order.</summary>
    [Fact]
    public async Task Who_leaves_while_a_new_message_is_first_saved_gets_there()
    {
        var page = await browser.OpenAsync(portal.Process.Address);
        await page.SlowDownAsync(TimeSpan.FromMilliseconds(100));
        await page.SignInAsync("alice@example.test", JourneyPortal.Password);
        for (var pause = 500; pause <= 1100; pause += 200)
        {
            await page.GotoAsync("/compose");
            await page.Part("compose-body").FillAsync($"Left after {pause} ms");
            await page.WaitForTimeoutAsync(pause);
            await page.Locator("a.brand").ClickAsync();
            await page.Part("folder-drafts").WaitForAsync();
        }
    }
}
