using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>What an administrator does about certificates.</summary>
public sealed class CertificatesJourneyTests(Browser browser)
{
    [Fact]
    public async Task A_certificate_is_found_suspended_resumed_and_revoked_and_its_page_tells_the_whole_story()
    {
        await using var portal = new SqlitePortal();
        await portal.InitializeAsync();
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.Part("account-menu").ClickAsync();
        await alice.Part("menu-certificates").ClickAsync();
        await Expect(alice.Part("nothing-to-do")).ToBeVisibleAsync();
        await Expect(alice.Locator("[data-kind=RootAuthority]").First).ToContainTextAsync("Mail Root");
        await alice.PicturesAsync("certificates");

        await alice.Part("certificates-words").FillAsync("BOB@example");
        await alice.Part("certificates-words").PressAsync("Tab");
        await alice.Part("certificates-kind").SelectOptionAsync("Signing");
        await Expect(alice.Locator("form.filter ~ ul [data-testid=certificate]")).ToHaveCountAsync(1);
        await alice.Locator("[data-testid=certificate][data-kind=Signing]").ClickAsync();
        await Expect(alice.Part("certificate-condition")).ToHaveTextAsync("Good");
        await Expect(alice.Part("certificate-chain").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Expect(alice.Part("certificate-history")).ToContainTextAsync("by the portal");
        var page = alice.Url;
        var serialNumber = await alice.Part("certificate-serial").InnerTextAsync();
        await alice.PicturesAsync("certificate");

        await alice.Part("certificate-suspend").ClickAsync();
        await alice.Part("certificate-suspend").PressAsync("Escape");
        await Expect(alice.Part("certificate-suspend")).ToHaveTextAsync("Suspend");
        await alice.Part("certificate-suspend").ClickAsync();
        await alice.Part("certificate-suspend").ClickAsync();
        await Expect(alice.Part("certificate-condition")).ToHaveTextAsync("Suspended");
        await alice.PicturesAsync("certificate-suspended");
        await alice.GotoAsync("/organisation/certificates");
        await Expect(alice.Part("attention")).ToContainTextAsync("Suspended: 1");
        await alice.GotoAsync(page);
        await alice.Part("certificate-resume").ClickAsync();
        await Expect(alice.Part("certificate-condition")).ToHaveTextAsync("Good");

        await alice.Part("certificate-cause").SelectOptionAsync("KeyCompromise");
        await alice.Part("certificate-revoke").ClickAsync();
        await alice.Part("certificate-revoke").ClickAsync();
        await Expect(alice.Part("certificate-condition")).ToHaveTextAsync("Revoked");
        await Expect(alice.Part("certificate-revoke")).ToHaveCountAsync(0);
        await Expect(alice.GetByText("Somebody else has its key")).ToBeVisibleAsync();
        await Expect(alice.Part("certificate-history").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(4);
        await Expect(alice.Part("certificate-history")).ToContainTextAsync("by Alice Archer");

        await alice.GotoAsync("/organisation/certificates");
        await alice.Part("certificates-words").FillAsync(serialNumber[..12]);
        await alice.Part("certificates-words").PressAsync("Tab");
        await Expect(alice.Locator("form.filter ~ ul [data-testid=certificate]")).ToHaveCountAsync(1);
        await alice.Part("certificates-condition").SelectOptionAsync("Good");
        await Expect(alice.Part("no-certificates")).ToBeVisibleAsync();
        await alice.Part("certificates-words").FillAsync("Clinic mail ca");
        await alice.Part("certificates-words").PressAsync("Tab");
        await Expect(alice.Locator("form.filter ~ ul [data-testid=certificate][data-kind=Signing]").Filter(new() { HasText = "alice@example.test" })).ToHaveCountAsync(1);
        await Expect(alice.Part("attention")).ToContainTextAsync("does not count any more: 1");
        await alice.Part("lately").GetByRole(AriaRole.Link, new() { Name = "1 revoked" }).ClickAsync();
        await Expect(alice.Part("certificates-condition")).ToHaveValueAsync("Revoked");
        await Expect(alice.Part("certificates-words")).ToHaveValueAsync("");
        await Expect(alice.Locator("form.filter ~ ul [data-testid=certificate]")).ToHaveCountAsync(1);
        await alice.PicturesAsync("certificates-revoked");
    }
}
