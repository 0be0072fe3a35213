using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>How people come, sign in by other means than a password, and are shut out.</summary>
public sealed class PeopleJourneyTests(Browser browser, JourneyPortal portal)
{
    private const string Password = "correct horse battery";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Somebody_is_invited_joins_is_read_about_and_shut_out(bool phone)
    {
        var device = phone ? "390" : "1440";
        var email = $"p{Guid.NewGuid():N}@example.test";
        var alice = await SignedInAsync("alice@example.test", phone);
        await alice.GotoAsync("/people");
        await alice.Part("person").First.WaitForAsync();
        await PictureAsync(alice, $"people-{device}");
        await alice.Part("invite").ClickAsync();
        await alice.Part("invite-name").FillAsync("Dora Dent");
        await alice.Part("invite-email").FillAsync("dora@elsewhere.test");
        await alice.Part("invite-submit").ClickAsync();
        await Expect(alice.Part("invite-problem")).ToContainTextAsync("in one of your organisation's domains");
        await alice.Part("invite-email").FillAsync(email);
        await alice.Part("invite-submit").DblClickAsync();
        var link = await alice.Part("one-time-link").InnerTextAsync();
        Assert.DoesNotContain("is replaced", await alice.Part("invited").InnerTextAsync(), StringComparison.Ordinal);
        await PictureAsync(alice, $"invited-{device}");

        var dora = await browser.OpenAsync(portal.Process.Address, phone);
        await dora.GotoAsync(link);
        await Expect(dora).ToHaveURLAsync(new Uri(portal.Process.Address, "/join").ToString());
        await PictureAsync(dora, $"join-{device}");
        await dora.Part("join-password").FillAsync(Password);
        await dora.Part("join-again").FillAsync("something else entirely");
        await dora.Part("join-submit").ClickAsync();
        await Expect(dora.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("not the same");
        await dora.Part("join-password").FillAsync(Password);
        await dora.Part("join-again").FillAsync(Password);
        await dora.Part("join-submit").ClickAsync();
        await dora.Part("sign-in-email").WaitForAsync();
        await dora.SignInAsync(email, Password);
        await dora.GotoAsync(link);
        await Expect(dora.Part("join-closed")).ToBeVisibleAsync();
        await dora.GotoAsync("/mail/inbox");
        await dora.Part("empty").WaitForAsync();

        await alice.GotoAsync("/people");
        await alice.Part("person").Filter(new() { HasText = email }).ClickAsync();
        await alice.Part("disable").WaitForAsync();
        await PictureAsync(alice, $"person-{device}");
        await alice.Part("disable").ClickAsync();
        await alice.Part("person-disabled").WaitForAsync();
        await Expect(dora.Part("sign-in-email")).ToBeVisibleAsync();

        await alice.Part("removal-address").FillAsync("bob@example.test");
        await Expect(alice.Part("removal-ask")).ToBeDisabledAsync();
        await alice.Part("removal-address").FillAsync(email);
        await alice.Part("removal-ask").ClickAsync();
        await Expect(alice.Part("removal-waiting")).ToContainTextAsync("Nobody else had been an administrator");
        await alice.Part("removal-waiting").ScrollIntoViewIfNeededAsync();
        await PictureAsync(alice, $"removal-{device}");
        await alice.GotoAsync("/people");
        await alice.Part("approval").Filter(new() { HasText = "Dora Dent" }).First.ClickAsync();
        await alice.Part("removal-withdraw").ClickAsync();
        await alice.Part("removal-ask").WaitForAsync();
    }

    [Fact]
    public async Task Whoever_invites_an_address_again_reads_that_its_first_link_is_dead()
    {
        var email = $"p{Guid.NewGuid():N}@example.test";
        var alice = await SignedInAsync("alice@example.test");
        var first = await InviteAsync(alice, email);
        await Expect(alice.Part("invited")).Not.ToContainTextAsync("earlier invitation");
        await InviteAsync(alice, email.ToUpperInvariant());
        await Expect(alice.Part("invited")).ToContainTextAsync("earlier invitation");
        await alice.GotoAsync("/people");
        await Expect(alice.Part("invitation").Filter(new() { HasText = email })).ToContainTextAsync("User, Auditor");

        var stranger = await browser.OpenAsync(portal.Process.Address);
        await stranger.GotoAsync(first);
        await Expect(stranger.Part("join-closed")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task On_a_phone_no_button_and_no_address_is_broken_inside_a_word()
    {
        var alice = await browser.OpenAsync(portal.Process.Address, phone: true, "de-DE");
        await alice.SignInAsync("alice@example.test", JourneyPortal.Password);
        await InviteAsync(alice, $"maria.{Guid.NewGuid().ToString("N")[..8]}@example.test");
        foreach (var (address, part) in new[] { ("/people", "invitation"), ("/organisation/domains", "domain"), ("/account/lists", "list-value") })
        {
            await alice.GotoAsync(address);
            await alice.Part(part).First.WaitForAsync();
            Assert.Equal((address, ""), (address, string.Join(' ', await alice.EvaluateAsync<string[]>(BrokenWords))));
        }
    }

    [Fact]
    public async Task An_administrator_sees_which_of_their_own_sessions_this_is()
    {
        var alice = await SignedInAsync("alice@example.test");
        await alice.GotoAsync("/people");
        await alice.Part("person").Filter(new() { HasText = "alice@example.test" }).ClickAsync();
        await Expect(alice.Part("session").Filter(new() { HasText = "this one" })).ToHaveCountAsync(1);
        await Expect(alice.Part("session").Filter(new() { HasText = "this one" }).GetByTestId("session-end")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_passkey_signs_in_without_a_password()
    {
        var email = $"pia.{Guid.NewGuid():N}@example.test";
        var pia = await JoinedAsync(email, phone: false);
        await pia.HasAuthenticatorAsync();
        await pia.GotoAsync("/account");
        await pia.Part("passkey-name").FillAsync("My phone");
        await pia.Part("passkey-password").FillAsync("not his");
        await pia.Part("passkey-add").ClickAsync();
        await pia.Part("passkey-problem").WaitForAsync();
        await pia.Part("passkey-password").FillAsync(Password);
        await pia.Part("passkey-add").ClickAsync();
        await Expect(pia.Part("passkey")).ToContainTextAsync("My phone");
        await pia.SignOutAsync();
        await pia.Part("sign-in-passkey").ClickAsync();
        await pia.Part("folder-inbox").WaitForAsync();

        // With a passkey the password alone is not enough any more.
        var elsewhere = await browser.OpenAsync(portal.Process.Address);
        await elsewhere.TypePasswordAsync(email, Password);
        await elsewhere.Part("confirm-code").WaitForAsync();
        await elsewhere.PictureAsync("confirm-1440");
        await elsewhere.GotoAsync("/mail/inbox");
        await elsewhere.Part("sign-in-email").WaitForAsync();

        await pia.GotoAsync("/account");
        await pia.Part("passkey-password").FillAsync(Password);
        await pia.Part("passkey").GetByRole(Microsoft.Playwright.AriaRole.Button).ClickAsync();
        await Expect(pia.Part("passkey")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_person_reads_the_pages_in_their_own_language_and_time()
    {
        var ella = await JoinedAsync($"ella.{Guid.NewGuid():N}@example.test", phone: true);
        await ella.GotoAsync("/account");
        await ella.Part("profile-language").SelectOptionAsync("de");
        await ella.Part("profile-zone").SelectOptionAsync("Asia/Tokyo");
        await ella.Part("profile-save").ClickAsync();
        await Expect(ella.Part("profile-saved")).ToHaveTextAsync("Gespeichert.");
        await Expect(ella.GetByRole(Microsoft.Playwright.AriaRole.Heading).First).ToHaveTextAsync("Ihr Konto");
        await PictureAsync(ella, "account-german-390");
        await ella.Part("profile-language").SelectOptionAsync("");
        await ella.Part("profile-zone").SelectOptionAsync("");
        await ella.Part("profile-save").ClickAsync();
        await Expect(ella.Part("profile-saved")).ToHaveTextAsync("Saved.");
    }

    // A word whose letters stand on two lines, though a line has room for it.
    private const string BrokenWords = """
        () => [...document.querySelectorAll(".button, .rows strong, .rows small, .rows span")].flatMap(element => [...element.childNodes]
          .filter(node => node.nodeType === Node.TEXT_NODE)
          .flatMap(node => [...node.data.matchAll(/\S+/g)].filter(word => word[0].length <= 30).filter(word => {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            return new Set([...range.getClientRects()].map(line => Math.round(line.top))).size > 1;
          }).map(word => word[0])))
        """;

    /// <returns>The link.</returns>
    private static async Task<string> InviteAsync(Microsoft.Playwright.IPage page, string email)
    {
        await page.GotoAsync("/people/invite");
        await page.Part("invite-name").FillAsync("Dora Dent");
        await page.Part("invite-email").FillAsync(email);
        await page.Part("role-Auditor").CheckAsync();
        await page.Part("invite-submit").ClickAsync();
        return await page.Part("one-time-link").InnerTextAsync();
    }

    /// <summary>Somebody of their own, for what would meet those who share alice and bob.</summary>
    private async Task<Microsoft.Playwright.IPage> JoinedAsync(string email, bool phone)
    {
        var link = await InviteAsync(await SignedInAsync("alice@example.test"), email);
        var page = await browser.OpenAsync(portal.Process.Address, phone);
        await page.GotoAsync(link);
        await page.Part("join-password").FillAsync(Password);
        await page.Part("join-again").FillAsync(Password);
        await page.Part("join-submit").ClickAsync();
        await page.Part("sign-in-email").WaitForAsync();
        await page.SignInAsync(email, Password);
        return page;
    }

    private async Task<Microsoft.Playwright.IPage> SignedInAsync(string email, bool phone = false)
    {
        var page = await browser.OpenAsync(portal.Process.Address, phone);
        await page.SignInAsync(email, JourneyPortal.Password);
        return page;
    }

    private static async Task PictureAsync(Microsoft.Playwright.IPage page, string name)
    {
        await page.PictureAsync(name);
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} pixels too wide.");
    }
}
