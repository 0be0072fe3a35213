using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Who is in, who is out, and what is on record about it.</summary>
public sealed class SessionTests(Browser browser, SessionTests.Own own) : IClassFixture<SessionTests.Own>
{
    private readonly JourneyPortal _portal = own.Portal;

    /// <summary>Apart from the other journeys, because people are locked out here.</summary>
    public sealed class Own : IAsyncLifetime
    {
        internal JourneyPortal Portal { get; } = new();

        public ValueTask InitializeAsync() => Portal.InitializeAsync();

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }

    [Fact]
    public async Task What_somebody_typed_is_never_anothers_and_a_page_whose_session_is_over_leads_to_sign_in()
    {
        var page = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await page.GotoAsync("/compose");
        await page.Part("compose-body").WaitForAsync();
        await page.Context.SetOfflineAsync(true);
        await Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        await page.Part("compose-subject").FillAsync("Only hers");
        await page.Context.ClearCookiesAsync();
        await page.Context.SetOfflineAsync(false);
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/sign-in");
        await page.Part("sign-in-email").FillAsync("bob@example.test");
        await page.Part("sign-in-password").FillAsync(JourneyPortal.Password);
        await page.Part("sign-in-submit").ClickAsync();
        await page.Part("compose-body").WaitForAsync();
        await Task.Delay(1000);
        await Expect(page.Part("compose-subject")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_message_being_written_leaves_the_page_with_its_session()
    {
        var page = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await JourneyTests.WriteAsync(page, "bob@example.test", "Left open", "Text");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/mail/inbox");
        await other.Part("account-menu").ClickAsync();
        await other.Part("sign-out").ClickAsync();
        await page.Part("sign-in-email").WaitForAsync(new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task A_disabled_account_is_out_of_its_open_page_within_a_minute()
    {
        var bob = await JourneyTests.SignedInAsync(browser, _portal, "bob@example.test");
        await _portal.Database.AskAsync("update accounts set disabled = true where normalised_email = 'bob@example.test'");
        await Expect(bob.Part("sign-in-email")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(bob.Part("sign-in-notice")).ToContainTextAsync("Your session has ended");
        await bob.GotoAsync("/mail/inbox");
        await Expect(bob.Part("sign-in-email")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await _portal.Database.AskAsync("update accounts set disabled = false where normalised_email = 'bob@example.test'");
    }

    [Fact]
    public async Task Signing_out_closes_every_page_of_that_session_and_makes_its_cookie_worthless()
    {
        var first = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync("/mail/inbox");
        await second.Part("message-row").First.WaitForAsync();
        var elsewhere = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        var cookies = await first.Context.CookiesAsync();
        await first.SignOutAsync();
        await Expect(second.Part("sign-in-email")).ToBeVisibleAsync();

        await first.Context.AddCookiesAsync(cookies.Select(one => new Cookie { Name = one.Name, Value = one.Value, Url = _portal.Process.Address.ToString() }));
        await first.GotoAsync("/mail/inbox");
        await Expect(first.Part("sign-in-email")).ToBeVisibleAsync();
        await elsewhere.ReloadAsync();
        await Expect(elsewhere.Part("message-row").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_session_is_ended_from_another_one_and_a_new_password_ends_the_others()
    {
        var here = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        var there = await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        await here.GotoAsync("/account");
        await Expect(here.Part("session-end").Nth(2)).ToBeVisibleAsync();
        await here.PictureAsync("account-1440");
        var others = await here.Part("session-end").CountAsync();
        await here.Part("session-end").First.ClickAsync();
        await Expect(here.Part("session-end")).ToHaveCountAsync(others - 1);
        await here.Part("sessions-end-others").ClickAsync();
        await Expect(here.Part("session-end")).ToHaveCountAsync(0);

        await Expect(there.Part("sign-in-email")).ToBeVisibleAsync();

        await there.SignInAsync("alice@example.test", JourneyPortal.Password);
        await here.Part("password-present").FillAsync(JourneyPortal.Password);
        await here.Part("password-next").FillAsync("another horse battery");
        await here.Part("password-again").FillAsync("another horse battery");
        await here.Part("password-save").ClickAsync();
        await Expect(here.Part("password-done")).ToBeVisibleAsync();
        await there.GotoAsync("/mail/inbox");
        await Expect(there.Part("sign-in-email")).ToBeVisibleAsync();
        await there.SignInAsync("alice@example.test", "another horse battery");
        await here.Part("password-present").FillAsync("another horse battery");
        await here.Part("password-next").FillAsync(JourneyPortal.Password);
        await here.Part("password-again").FillAsync(JourneyPortal.Password);
        await here.Part("password-save").ClickAsync();
        await Expect(there.Part("sign-in-email")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task After_ten_wrong_passwords_the_right_one_does_not_help_and_all_of_it_is_on_record()
    {
        var page = await browser.OpenAsync(_portal.Process.Address);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await TryAsync(page, "a wrong password");
        }

        await TryAsync(page, JourneyPortal.Password);
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.Equal(true, await _portal.Database.AskAsync("select locked_until > now() from accounts where normalised_email = 'bob@example.test'"));
        Assert.Equal(11L, await _portal.Database.AskAsync(
            "select count(*) from audit_entries e join accounts a on a.id = e.subject where e.action = 'SignInRefused' and a.normalised_email = 'bob@example.test'"));
        await _portal.Database.AskAsync("update accounts set locked_until = null, failed_sign_ins = 0 where normalised_email = 'bob@example.test'");
    }

    [Fact]
    public async Task The_key_ring_of_cookies_rests_sealed_in_the_database()
    {
        var before = await SignInsAsync();
        await JourneyTests.SignedInAsync(browser, _portal, "alice@example.test");
        var xml = (string)(await _portal.Database.AskAsync("select xml from protection_keys limit 1"))!;
        Assert.Contains("<sealed", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", xml, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before + 1, await SignInsAsync());
    }

    private async Task<long> SignInsAsync() => (long)(await _portal.Database.AskAsync("select count(*) from audit_entries where action = 'SignIn'"))!;

    private static async Task TryAsync(IPage page, string password)
    {
        await page.GotoAsync("/sign-in");
        await page.Part("sign-in-email").FillAsync("bob@example.test");
        await page.Part("sign-in-password").FillAsync(password);
        await page.Part("sign-in-submit").ClickAsync();
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
    }
}
