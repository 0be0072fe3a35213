using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Readers whose page is older than what it is about, or whose visit has ended: they are told, and nothing is done by halves.</summary>
public sealed class StaleReaderTests(Browser browser, SqlitePortal portal) : IClassFixture<SqlitePortal>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_types_a_code_for_what_was_taken_back_meanwhile_is_told_so(bool phone)
    {
        var address = $"lena{(phone ? 2 : 1)}@stranger.test";
        var alice = await SentAsync(address);
        var lena = await browser.OpenAsync(portal.Process.Address, phone, scripts: false);
        await lena.GotoAsync(await portal.MailedAsync(address, Mailed.Link()));
        await lena.Part("link-send").ClickAsync();
        var code = await portal.MailedAsync(address, Mailed.Code());
        await alice.Part("recall").ClickAsync();
        await alice.Part("recall-confirm").ClickAsync();
        await Expect(alice.Part("links-lead")).ToHaveAttributeAsync("data-state", "recalled");

        await lena.Part("link-code").FillAsync(code);
        await lena.Part("link-enter").ClickAsync();
        await Expect(lena.Part("stale")).ToBeVisibleAsync();
        await Expect(lena.Part("link-recalled")).ToBeVisibleAsync();
        await browser.LookAsync(lena, "stale-recalled", phone);
    }

    [Fact]
    public async Task A_code_is_for_the_link_whose_page_asked_for_it()
    {
        const string First = "mara@stranger.test", Second = "nils@stranger.test";
        await SentAsync(First);
        await SentAsync(Second);
        var first = await browser.OpenAsync(portal.Process.Address, scripts: false);
        await first.GotoAsync(await portal.MailedAsync(First, Mailed.Link()));
        await first.Part("link-send").ClickAsync();
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync(await portal.MailedAsync(Second, Mailed.Link()));
        await second.Part("link-send").ClickAsync();
        await second.Part("link-code").WaitForAsync();

        await first.Part("link-code").FillAsync(await portal.MailedAsync(First, Mailed.Code()));
        await first.Part("link-enter").ClickAsync();
        await Expect(first.Part("stale")).ToBeVisibleAsync();
        await second.Part("link-code").FillAsync("000000");
        await second.Part("link-enter").ClickAsync();
        await Expect(second.Part("link-problem")).ToContainTextAsync("4");
    }

    [Fact]
    public async Task Leaving_ends_the_visit_whatever_has_become_of_the_form()
    {
        const string Address = "olga@stranger.test";
        await SentAsync(Address);
        var olga = await Outside.ReadingAsync(browser, portal, Address, phone: false);
        var place = olga.Url;
        await olga.Context.ClearCookiesAsync(new() { Name = "portal-form" });
        await olga.Part("reader-leave").ClickAsync();
        await Expect(olga.Part("reader-left")).ToBeVisibleAsync();
        Assert.DoesNotContain(await olga.Context.CookiesAsync(), cookie => cookie.Name == "portal-reader");
        await olga.GotoAsync(place);
        Assert.EndsWith("/read?left=over", olga.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_visit_has_ended_every_address_leads_to_where_one_shows_who_one_is()
    {
        const string Address = "paul@stranger.test";
        await SentAsync(Address);
        var paul = await Outside.ReadingAsync(browser, portal, Address, phone: true);
        var place = new Uri(paul.Url).AbsolutePath;
        Assert.Equal(404, (await paul.GotoAsync("/read/nonsense"))!.Status);
        await Expect(paul.Part("reader-mailbox")).ToHaveCountAsync(0);
        await Expect(paul.GetByRole(AriaRole.Link, new() { Name = "All messages" })).ToBeVisibleAsync();
        await browser.LookAsync(paul, "reader-nothing", phone: true);

        await paul.GotoAsync("/read/mailbox");
        await paul.Context.ClearCookiesAsync(new() { Name = "portal-reader" });
        await paul.Part("reader-save").ClickAsync();
        await Expect(paul.Part("reader-left")).ToContainTextAsync("quarter of an hour");
        await Expect(paul.Part("link-send")).ToBeVisibleAsync();
        foreach (var address in (string[])[$"{place}/attachments/0", $"{place}/attachments/99999999999", $"{place}/message", "/read/leave", "/read/drafts", "/read/export", "/read/nonsense"])
        {
            await paul.GotoAsync(address);
            Assert.EndsWith("/read?left=over", paul.Url, StringComparison.Ordinal);
        }

        await paul.GotoAsync("/open/a/b");
        await Expect(paul.Part("link-waits")).ToBeVisibleAsync();
        await paul.Context.ClearCookiesAsync();
        await paul.GotoAsync("/read/mailbox");
        await Expect(paul.Part("reader-left")).ToBeVisibleAsync();
        await browser.LookAsync(paul, "reader-over", phone: true);
    }

    [Fact]
    public async Task Sending_twice_sends_once_and_an_answer_to_what_is_closed_gives_ones_own_words_back()
    {
        const string Address = "rosa@stranger.test";
        var alice = await SentAsync(Address);
        var rosa = await Outside.ReadingAsync(browser, portal, Address, phone: false);
        await rosa.Part("reader-answer").ClickAsync();
        await rosa.Part("answer-text").FillAsync("Thank you.");
        await rosa.Part("answer-send").DblClickAsync();
        await Expect(rosa.Part("answer-sent")).ToBeVisibleAsync();
        await rosa.Part("reader-mailbox").ClickAsync();
        await Expect(rosa.Part("reader-message")).ToHaveCountAsync(2);

        await rosa.Part("reader-message").Last.Locator("a").ClickAsync();
        await rosa.Part("reader-answer").ClickAsync();
        await rosa.Part("answer-text").FillAsync("What I wanted to add.\n\nOn Monday Alice Archer wrote:\n> All is well.\nMore below.");
        await alice.Part("recall").ClickAsync();
        await alice.Part("recall-confirm").ClickAsync();
        await Expect(alice.Part("links-lead")).ToHaveAttributeAsync("data-state", "recalled");
        await rosa.Part("answer-send").ClickAsync();
        await Expect(rosa.Part("answer-closed")).ToBeVisibleAsync();
        await Expect(rosa.Part("answer-own")).ToHaveTextAsync("What I wanted to add.\n\nMore below.");
        await browser.LookAsync(rosa, "answer-closed", phone: false);
        await rosa.Part("answer-discard").ClickAsync();
        await Expect(rosa.Part("reader-message")).ToHaveCountAsync(2);
        await Expect(rosa.Part("reader-draft")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Whoever_left_in_another_window_gets_back_what_they_had_written()
    {
        const string Address = "tess@stranger.test";
        await SentAsync(Address);
        var tess = await Outside.ReadingAsync(browser, portal, Address, phone: true);
        await tess.Part("reader-answer").ClickAsync();
        await tess.Part("answer-text").FillAsync("Long & <considered> words.");
        var other = await tess.Context.NewPageAsync();
        await other.GotoAsync(new Uri(portal.Process.Address, "/read/mailbox").ToString());
        await other.Part("reader-leave").ClickAsync();
        await Expect(other.Part("reader-left")).ToBeVisibleAsync();
        await tess.Part("answer-send").ClickAsync();
        await Expect(tess.Part("unsent-words")).ToHaveTextAsync("Long & <considered> words.");
        await browser.LookAsync(tess, "unsent", phone: true);
    }

    private async Task<IPage> SentAsync(string address)
    {
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await Outside.SendAsync(alice, address, "The findings");
        return alice;
    }
}
