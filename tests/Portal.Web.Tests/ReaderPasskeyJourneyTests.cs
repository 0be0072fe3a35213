using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>A reader comes by a code once, adds a passkey, and comes by that; whose browser has no script sees nothing of it.</summary>
public sealed class ReaderPasskeyJourneyTests(Browser browser, SqlitePortal portal) : IClassFixture<SqlitePortal>
{
    private const string Post = """
        async ([address, hasToken]) => {
          const token = hasToken ? document.querySelector("input[name=__RequestVerificationToken]").value : "";
          const answer = await fetch(address, { method: "POST", headers: { "X-Portal-Form": token, "Content-Type": "application/json" }, body: '{"credential":"{}"}' });
          return `${answer.status} ${await answer.text()}`;
        }
        """;

    [Theory]
    [InlineData(false, "en-US")]
    [InlineData(true, "de-DE")]
    public async Task A_passkey_brings_a_reader_back(bool phone, string language)
    {
        var address = $"lena{(phone ? 2 : 1)}@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await Outside.SendAsync(alice, address, "The first");
        var lena = await browser.OpenAsync(portal.Process.Address, phone, language);
        await lena.HasAuthenticatorAsync();
        await ComeByCodeAsync(lena, address);
        await Expect(lena.Part("passkey-offer")).ToBeVisibleAsync();
        await PictureAsync(lena, "passkey-offer", phone);
        await lena.Part("passkey-offer").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(lena.Part("reader-passkey-add")).ToBeInViewportAsync();
        await PictureAsync(lena, "reader-passkeys-none", phone);
        await lena.Part("reader-passkey-name").FillAsync("My phone");
        await lena.Part("reader-passkey-add").ClickAsync();
        await Expect(lena.Part("reader-saved")).ToBeVisibleAsync();
        await Expect(lena.Part("reader-passkey")).ToContainTextAsync("My phone");
        await lena.Part("reader-passkey-add").ScrollIntoViewIfNeededAsync();
        await PictureAsync(lena, "reader-passkeys", phone);

        // The same authenticator keeps one for each reader.
        await lena.Part("reader-passkey-add").ClickAsync();
        await Expect(lena.Part("reader-passkey-refused")).ToBeVisibleAsync();
        await lena.Part("reader-passkey-add").ScrollIntoViewIfNeededAsync();
        await PictureAsync(lena, "reader-passkeys-refused", phone);
        await lena.GotoAsync("/read/mailbox");
        await lena.Part("reader-message").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(lena.Part("message-subject")).ToHaveTextAsync("The first");
        await Expect(lena.Part("passkey-offer")).ToHaveCountAsync(0);
        await lena.Part("reader-leave").ClickAsync();

        await Outside.SendAsync(alice, address, "The second");
        await lena.GotoAsync(await portal.MailedAsync(address, Mailed.Link()));
        await Expect(lena.Part("link-passkey")).ToBeVisibleAsync();
        await Expect(lena.Part("link-send")).ToBeVisibleAsync();
        await PictureAsync(lena, "link-passkey", phone);
        await lena.Part("link-passkey").ClickAsync();
        await Expect(lena.Part("message-subject")).ToHaveTextAsync("The second");
        await Expect(lena.Part("proof")).ToContainTextAsync("asskey");
        await PictureAsync(lena, "passkey-read", phone);
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "opened");

        await lena.Part("reader-answer").ClickAsync();
        await lena.Part("answer-text").FillAsync("Thank you.");
        await lena.Part("answer-send").ClickAsync();
        await Expect(lena.Part("answer-sent")).ToBeVisibleAsync();
        await alice.GotoAsync("/mail/inbox");
        await alice.Part("message-row").Filter(new() { HasText = address }).First.ClickAsync();
        await Expect(alice.Part("verdict")).ToContainTextAsync("a passkey added in an earlier visit");
        await alice.PictureAsync("passkey-answer-1440");

        await lena.GotoAsync("/read/mailbox");
        await Expect(lena.Part("reader-passkey-used")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Of_a_passkey_that_was_removed_or_a_browser_without_scripts_nothing_is_left_but_the_code()
    {
        const string Address = "mona@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await Outside.SendAsync(alice, Address, "The first");
        var mona = await browser.OpenAsync(portal.Process.Address, phone: true, "fr-FR");
        await mona.HasAuthenticatorAsync();
        await ComeByCodeAsync(mona, Address);
        await mona.GotoAsync("/read/mailbox");
        await mona.Part("reader-passkey-add").ClickAsync();
        await Expect(mona.Part("reader-passkey")).ToBeVisibleAsync();

        var plain = await browser.OpenAsync(portal.Process.Address, phone: true, "es-ES", scripts: false);
        await plain.GotoAsync(await portal.MailedAsync(Address, Mailed.Link()));
        await Expect(plain.Part("link-send")).ToBeVisibleAsync();
        await Expect(plain.Part("link-passkey")).ToBeHiddenAsync();

        // Elsewhere it is removed while she waits at the link.
        await plain.Context.AddCookiesAsync((await mona.Context.CookiesAsync()).Select(one => new Cookie { Name = one.Name, Value = one.Value, Domain = one.Domain, Path = one.Path }));
        await mona.Context.ClearCookiesAsync(new() { Name = "portal-reader" });
        await mona.GotoAsync(await portal.MailedAsync(Address, Mailed.Link()));
        await mona.Part("link-passkey").WaitForAsync();
        await plain.GotoAsync("/read/mailbox");
        await Expect(plain.Part("reader-passkey-add")).ToBeHiddenAsync();
        await plain.Part("reader-passkey").ScrollIntoViewIfNeededAsync();
        await plain.PictureAsync("reader-passkeys-plain-390");
        await plain.Part("reader-passkey").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(plain.Part("reader-passkey")).ToHaveCountAsync(0);
        await Expect(plain.GetByRole(AriaRole.Heading, new() { Name = "Claves de acceso" })).ToHaveCountAsync(0);
        await mona.Part("link-passkey").ClickAsync();
        await Expect(mona.Part("link-passkey-refused")).ToBeVisibleAsync();
        await mona.PictureAsync("link-passkey-refused-390");
        await mona.ReloadAsync();
        await Expect(mona.Part("link-send")).ToBeVisibleAsync();
        await Expect(mona.Part("link-passkey")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Whoever_has_none_gets_the_same_answer_as_whoever_is_nobody()
    {
        const string Address = "nina@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await Outside.SendAsync(alice, Address, "The first");
        var nina = await browser.OpenAsync(portal.Process.Address);
        foreach (var link in new[] { await portal.MailedAsync(Address, Mailed.Link()), $"/open/{new string('x', 43)}" })
        {
            await nina.GotoAsync(link);
            Assert.DoesNotContain("passkey", await nina.ContentAsync(), StringComparison.OrdinalIgnoreCase);
            foreach (var address in (string[])["/read/passkey", "/read/passkey/options", "/read/passkeys", "/read/passkeys/options"])
            {
                Assert.Equal((address, "400 "), (address, await nina.EvaluateAsync<string>(Post, new object[] { address, true })));
                Assert.Equal((address, "400 "), (address, await nina.EvaluateAsync<string>(Post, new object[] { address, false })));
            }
        }

        Assert.DoesNotContain(await nina.Context.CookiesAsync(), one => one.Name.Contains("passkey", StringComparison.Ordinal));
    }

    private async Task ComeByCodeAsync(IPage reader, string address)
    {
        await reader.ProveAsync(portal, address);
        await Expect(reader.Part("message-subject")).ToBeVisibleAsync();
    }

    private Task PictureAsync(IPage page, string name, bool phone) => browser.LookAsync(page, name, phone);
}
