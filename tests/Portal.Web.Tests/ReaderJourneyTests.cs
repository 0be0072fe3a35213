using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>A stranger gets a link, shows who they are, and reads: without a script, and on a phone.</summary>
public sealed class ReaderJourneyTests(Browser browser, SqlitePortal portal) : IClassFixture<SqlitePortal>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stranger_reads_what_was_sent_to_them_and_its_sender_sees_that(bool phone)
    {
        var address = $"erin{(phone ? 2 : 1)}@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await JourneyTests.WriteAsync(alice, address, "The findings", "All is well.");
        await Expect(alice.Part("recipient-outcome")).ToHaveAttributeAsync("data-handling", "secure-link");
        await alice.PictureAsync("link-compose-1440");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");
        await alice.PictureAsync("link-sent-1440");
        await alice.Part("verdict").Locator("summary").First.ClickAsync();
        await Expect(alice.Part("verdict").Locator(".details")).ToBeVisibleAsync();
        await Expect(alice.Part("recheck")).ToHaveCountAsync(0);

        var erin = await browser.OpenAsync(portal.Process.Address, phone, scripts: false);
        await erin.GotoAsync(await portal.MailedAsync(address, Mailed.Link()));
        Assert.Equal("/read", new Uri(erin.Url).AbsolutePath);
        await Expect(erin.Part("link-waits")).ToContainTextAsync("alice@example.test");
        await PictureAsync(erin, "link-landing", phone);
        await erin.Part("link-send").ClickAsync();
        await erin.Part("link-code").FillAsync("000000");
        await PictureAsync(erin, "link-code", phone);
        await erin.Part("link-enter").ClickAsync();
        await Expect(erin.Part("link-problem")).ToContainTextAsync("4");
        await PictureAsync(erin, "link-code-wrong", phone);
        await erin.Part("link-code").FillAsync(await portal.MailedAsync(address, Mailed.Code()));
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reader_says_how_they_are_written_to_and_looks_a_notice_up(bool phone)
    {
        var address = $"frank{(phone ? 2 : 1)}@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await Outside.SendAsync(alice, address, "The findings");
        var frank = await Outside.ReadingAsync(browser, portal, address, phone);

        await frank.Part("reader-mailbox").ClickAsync();
        await Expect(frank.Part("reader-message")).ToHaveCountAsync(1);
        await frank.Part("reader-language").SelectOptionAsync("de");
        await frank.Part("reader-phrase").FillAsync("Two ravens");
        await PictureAsync(frank, "reader-mailbox", phone);
        await frank.Part("reader-save").ClickAsync();
        await Expect(frank.Part("reader-saved")).ToBeVisibleAsync();
        await Expect(frank.Part("reader-phrase")).ToHaveValueAsync("Two ravens");

        await Outside.SendAsync(alice, address, "The second");
        Assert.Equal("Ihre Phrase: Two ravens", await portal.MailedAsync(address, new Regex("Ihre Phrase: [^\r\n]*")));
        await frank.GotoAsync("/check");
        await PictureAsync(frank, "check", phone);
        await frank.Part("check-pasted").FillAsync(await portal.MailedAsync(address, Mailed.Link()));
        await frank.Part("check").ClickAsync();
        await Expect(frank.Part("check-genuine")).ToContainTextAsync("alice@example.test");
        await PictureAsync(frank, "check-genuine", phone);
        await frank.Part("check-pasted").FillAsync("Dear customer, http://portal.evil.test/open/abc waits for you");
        await frank.Part("check").ClickAsync();
        await Expect(frank.Part("check-forged")).ToContainTextAsync("portal.evil.test");
        await PictureAsync(frank, "check-forged", phone);

        await frank.GotoAsync("/read/mailbox");
        await frank.Part("reader-sure").CheckAsync();
        await frank.Part("reader-close").ClickAsync();
        await Expect(frank.Part("reader-left")).ToBeVisibleAsync();
        await frank.GotoAsync(await portal.MailedAsync(address, Mailed.Link()));
        await Expect(frank.Part("link-ended")).ToBeVisibleAsync();
        await PictureAsync(frank, "link-ended", phone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sender_takes_back_what_somebody_has_open(bool phone)
    {
        var address = $"gina{(phone ? 2 : 1)}@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test", phone);
        await Outside.SendAsync(alice, address, "The findings");
        var gina = await Outside.ReadingAsync(browser, portal, address, phone);
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "opened");
        var until = TimeProvider.System.GetUtcNow().AddDays(90);
        await alice.Part("link-until").FillAsync($"{until:yyyy-MM-dd}");
        await alice.Part("link-until-save").ClickAsync();
        await Expect(alice.Part("links-lead")).ToContainTextAsync($"{until.Year}");
        await alice.Part("recall").ClickAsync();
        await alice.Part("recall-confirm").ScrollIntoViewIfNeededAsync();
        await PictureAsync(alice, "recall", phone);
        await alice.Part("recall-confirm").ClickAsync();
        await Expect(alice.Part("links-lead")).ToHaveAttributeAsync("data-state", "recalled");
        await Expect(alice.Part("recall")).ToHaveCountAsync(0);
        await PictureAsync(alice, "recalled", phone);
        await gina.ReloadAsync();
        await Expect(gina.Part("link-recalled")).ToBeVisibleAsync();
        await PictureAsync(gina, "link-recalled", phone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reader_answers_with_a_file_and_the_conversation_goes_on(bool phone)
    {
        var address = $"heidi{(phone ? 2 : 1)}@stranger.test";
        var subject = $"Findings {(phone ? 2 : 1)}";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await Outside.SendAsync(alice, $"{address}, bob@example.test", subject);
        var heidi = await Outside.ReadingAsync(browser, portal, address, phone);
        await heidi.Part("reader-answer-all").ClickAsync();
        await Expect(heidi.Part("answer-to")).ToHaveCountAsync(2);
        await Expect(heidi.Part("answer-text")).ToHaveValueAsync(new Regex("> All is well\\."));
        await heidi.Part("answer-text").FillAsync("");
        await heidi.Part("answer-send").ClickAsync();
        await Expect(heidi.Part("answer-problem")).ToBeVisibleAsync();
        await Expect(heidi.Part("answer-subject")).ToHaveValueAsync($"Re: {subject}");
        await heidi.Part("answer-text").FillAsync("Thank you. Please see the file.");
        await heidi.Part("answer-files").SetInputFilesAsync(new FilePayload { Name = "results.txt", MimeType = "text/plain", Buffer = "forty-two"u8.ToArray() });
        await heidi.Part("answer-save").ClickAsync();
        await Expect(heidi.Part("answer-file")).ToContainTextAsync("results.txt");
        await PictureAsync(heidi, "answer", phone);
        await heidi.Part("answer-send").ClickAsync();
        await Expect(heidi.Part("answer-sent")).ToBeVisibleAsync();
        await Expect(heidi.Part("conversation-message")).ToHaveCountAsync(2);
        await Expect(heidi.Part("attachment")).ToContainTextAsync("results.txt");
        await PictureAsync(heidi, "answer-sent", phone);

        await alice.GotoAsync("/mail/inbox");
        await alice.Part("message-row").Filter(new() { HasText = $"Re: {subject}" }).ClickAsync();
        await Expect(alice.Part("verdict")).ToContainTextAsync(address);
        await Expect(alice.Part("attachment")).ToContainTextAsync("results.txt");
        await alice.PictureAsync("answer-arrived-1440");
        await alice.GotoAsync("/mail/sent");
        await alice.Part("message-row").Filter(new() { HasText = subject }).First.ClickAsync();
        await alice.Part("recall").ClickAsync();
        await alice.Part("recall-conversation").UncheckAsync();
        await alice.Part("recall-confirm").ClickAsync();
        await alice.Part("recall-rest").ClickAsync();
        await alice.Part("recall-confirm").ScrollIntoViewIfNeededAsync();
        await alice.PictureAsync("recall-rest-1440");
        await alice.Part("recall-confirm").ClickAsync();
        await Expect(alice.Part("recall-confirm")).ToHaveCountAsync(0);
        await Expect(alice.Part("recall-rest")).ToHaveCountAsync(0);
        await heidi.ReloadAsync();
        await Expect(heidi.Part("link-recalled")).ToBeVisibleAsync();

        await heidi.GotoAsync("/read/mailbox");
        await Expect(heidi.Part("reader-message")).ToHaveCountAsync(2);
        await heidi.Part("reader-write").ClickAsync();
        await Expect(heidi.Part("answer-to")).ToHaveCountAsync(1);
        await PictureAsync(heidi, "reader-write", phone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_asks_for_a_phrase_opens_once_and_gives_no_file(bool phone)
    {
        var address = $"ivan{(phone ? 2 : 1)}@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await JourneyTests.WriteAsync(alice, address, "For you alone", "All is well.");
        await alice.Part("link-options").Locator("summary").ClickAsync();
        await alice.Part("link-pass-phrase").FillAsync("Two Ravens");
        await alice.Part("link-once").CheckAsync();
        await alice.Part("link-no-download").CheckAsync();
        await alice.Part("link-watermark").CheckAsync();
        await alice.PictureAsync("link-options-1440");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");
        await Expect(alice.Part("links-asked")).ToContainTextAsync("pass phrase");

        var ivan = await ProvedAsync(address, phone);
        await Expect(ivan.Part("opens-once")).ToBeVisibleAsync();
        for (var tries = 4; tries >= 0; tries--)
        {
            await ivan.Part("link-phrase").FillAsync("two crows");
            await ivan.Part("link-open").ClickAsync();
            await Expect(ivan.Part(tries > 0 ? "phrase-wrong" : "phrase-locked")).ToBeVisibleAsync();
            if (tries == 4)
            {
                await PictureAsync(ivan, "phrase-wrong", phone);
            }
        }

        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "locked");
        await alice.Part("link-unlock").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");
        await ivan.ReloadAsync();
        await ivan.GotoAsync(new Uri(ivan.Url).AbsolutePath);
        await ivan.Part("link-phrase").FillAsync("two ravens");
        await ivan.Part("link-open").ClickAsync();
        await Expect(ivan.Part("no-download")).ToBeVisibleAsync();
        await Expect(ivan.Part("reader-message-file")).ToHaveCountAsync(0);
        await PictureAsync(ivan, "watermark", phone);
        await ivan.Part("reader-leave").ClickAsync();
        await ivan.GotoAsync(await portal.MailedAsync(address, Mailed.Link()));
        await Expect(ivan.Part("link-spent")).ToBeVisibleAsync();
        await PictureAsync(ivan, "link-spent", phone);
    }

    [Fact]
    public async Task A_browser_is_recognised_where_the_organisation_lets_it()
    {
        const string Address = "judy@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.GotoAsync("/organisation");
        await alice.Part("policy-device-days").FillAsync("30");
        await alice.Part("policy-device-days").ScrollIntoViewIfNeededAsync();
        await alice.PictureAsync("readers-policy-1440");
        await alice.Part("readers-save").ClickAsync();
        await Expect(alice.Part("readers-saved")).Not.ToBeEmptyAsync();
        await Outside.SendAsync(alice, Address, "The first");
        var judy = await browser.OpenAsync(portal.Process.Address, phone: true, scripts: false);
        await judy.GotoAsync(await portal.MailedAsync(Address, Mailed.Link()));
        await judy.Part("link-send").ClickAsync();
        await judy.Part("link-remember").CheckAsync();
        await judy.Part("link-code").FillAsync(await portal.MailedAsync(Address, Mailed.Code()));
        await judy.PictureAsync("link-remember-390");
        await judy.Part("link-enter").ClickAsync();
        await Expect(judy.Part("message-subject")).ToHaveTextAsync("The first");
        await judy.Part("reader-leave").ClickAsync();

        await Outside.SendAsync(alice, Address, "The second");
        await judy.GotoAsync(await portal.MailedAsync(Address, Mailed.Link()));
        await judy.PictureAsync("link-recognised-390");
        await judy.Part("link-open").ClickAsync();
        await Expect(judy.Part("message-subject")).ToHaveTextAsync("The second");
        await judy.Part("reader-mailbox").ClickAsync();
        await judy.Part("reader-forget").ClickAsync();
        await judy.Part("reader-leave").ClickAsync();
        await judy.GotoAsync(await portal.MailedAsync(Address, Mailed.Link()));
        await Expect(judy.Part("link-send")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_app_and_an_address_bring_a_reader_back()
    {
        const string Address = "kim@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await Outside.SendAsync(alice, Address, "The first");
        var kim = await Outside.ReadingAsync(browser, portal, Address, phone: true);
        await kim.Part("reader-mailbox").ClickAsync();
        await kim.Part("reader-app").ClickAsync();
        var key = (await kim.Part("authenticator-key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await kim.Part("reader-app-code").FillAsync("1");
        await kim.Part("reader-app-confirm").ClickAsync();
        await Expect(kim.Part("reader-app-wrong")).ToBeVisibleAsync();
        await Expect(kim.Part("authenticator-key")).ToContainTextAsync(key[..4]);
        await kim.Part("reader-app-code").ScrollIntoViewIfNeededAsync();
        await kim.PictureAsync("reader-app-390");
        await kim.Part("reader-app-code").FillAsync(Totp.Now(key));
        await kim.Part("reader-app-confirm").ClickAsync();
        await Expect(kim.Part("reader-app-remove")).ToBeVisibleAsync();
        await kim.Part("reader-leave").ClickAsync();

        await Outside.SendAsync(alice, Address, "The second");
        await kim.GotoAsync(await portal.MailedAsync(Address, Mailed.Link()));
        await Expect(kim.Part("app-code")).ToBeVisibleAsync();
        await kim.PictureAsync("link-app-390");
        await kim.Part("app-code").FillAsync("1");
        await kim.Part("app-enter").ClickAsync();
        await Expect(kim.Part("app-problem")).ToContainTextAsync("4");
        await kim.GotoAsync("/read?code=sent");
        await Expect(kim.Part("app-code")).ToHaveCountAsync(0);

        await JourneyTests.WriteAsync(alice, Address, "The third", "All is well.");
        await alice.Part("link-options").Locator("summary").ClickAsync();
        await alice.Part("link-own-proof").CheckAsync();
        await alice.Part("link-own-proof").ScrollIntoViewIfNeededAsync();
        await alice.PictureAsync("link-own-proof-1440");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");
        await kim.GotoAsync(await portal.MailedAsync(Address, Mailed.Link()));
        await Expect(kim.Part("link-asks-own")).ToContainTextAsync("Alice");
        await Expect(kim.Part("app-code")).ToBeVisibleAsync();
        await Expect(kim.Part("link-send")).ToHaveCountAsync(0);
        await browser.LookAsync(kim, "link-asks-own", phone: true);
        await alice.Part("link-forget-proofs").ClickAsync();
        await alice.PictureAsync("link-forget-proofs-1440");
        await alice.Part("link-forget-proofs").ClickAsync();
        await Expect(alice.Part("link-forget-proofs")).ToHaveCountAsync(0);
        await kim.ReloadAsync();
        await Expect(kim.Part("link-send")).ToBeVisibleAsync();
        await Expect(kim.Part("app-code")).ToHaveCountAsync(0);

        await kim.Context.ClearCookiesAsync();
        await kim.GotoAsync("/read");
        await Expect(kim.Part("link-unknown")).ToBeVisibleAsync();
        foreach (var address in new[] { Address, "nobody@stranger.test" })
        {
            await kim.Part("ask-address").FillAsync(address);
            await kim.Part("ask").ClickAsync();
            await Expect(kim.Part("link-asked")).ToBeVisibleAsync();
        }

        await kim.PictureAsync("link-asked-390");
    }

    /// <summary>Somebody who has followed their newest link and typed the code.</summary>
    private async Task<IPage> ProvedAsync(string address, bool phone)
    {
        var reader = await browser.OpenAsync(portal.Process.Address, phone, scripts: false);
        await reader.ProveAsync(portal, address);
        return reader;
    }

    private Task PictureAsync(IPage page, string name, bool phone) => browser.LookAsync(page, name, phone);
}
