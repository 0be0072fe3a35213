using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing.KeyVault;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>What an administrator does about keys, with two key stores.</summary>
[Collection(KeyStoreJourneys.Name)]
public sealed class KeysJourneyTests(Browser browser, TwoStoresPortal portal) : IClassFixture<TwoStoresPortal>
{
    [Fact]
    public async Task Keys_move_into_a_vault_rest_disabled_and_are_destroyed_and_the_page_tells_what_the_vault_does()
    {
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        var before = JourneyTests.Unique("Before");
        await SendAsync(alice, before);

        // Two stores, told truly.
        await alice.Part("account-menu").ClickAsync();
        await alice.Part("menu-keys").ClickAsync();
        await Expect(alice.Part("store")).ToHaveCountAsync(2);
        await Expect(alice.Part("store-state").Filter(new() { HasText = "Answers" })).ToHaveCountAsync(2);
        await Expect(Store(alice, "local")).ToContainTextAsync("in the portal's memory");
        await Expect(Store(alice, "vault")).ToContainTextAsync("do not leave it");
        await alice.PicturesAsync("keys");

        // What opens mail is made in the vault from now on; Bob's gets a new one there.
        await alice.Part("choice-opening").SelectOptionAsync("vault");
        await alice.Part("choice-save").ClickAsync();
        await Expect(alice.Part("choice-said")).ToHaveTextAsync("Saved.");
        await alice.Part("keys-words").FillAsync("bob@example.test");
        await alice.Part("keys-words").PressAsync("Tab");
        await Expect(alice.Part("key")).ToHaveCountAsync(2);
        await alice.Part("keys-purpose").SelectOptionAsync("OpenMessage");
        await Expect(alice.Part("key")).ToHaveCountAsync(1);
        await alice.Part("key").ClickAsync();
        var old = alice.Url;
        await Expect(alice.Part("destroy-obstacles")).ToContainTextAsync("It is in use");
        await alice.Part("key-replace").ClickAsync();
        await alice.Part("key-replace").ClickAsync();
        await Expect(alice.Part("key-said")).ToContainTextAsync("This is the new key");
        await Expect(alice.Part("key-store")).ToHaveTextAsync("vault");
        await alice.PicturesAsync("key");
        var present = alice.Url;
        Assert.NotEqual(old, present);

        // Disabled: what arrives waits, and Bob reads why.
        await alice.Part("key-disable").ClickAsync();
        await alice.Part("key-disable").ClickAsync();
        await Expect(alice.Part("key-standing")).ToContainTextAsync("Disabled");
        var waiting = JourneyTests.Unique("Waiting");
        await SendAsync(alice, waiting);
        var bob = await JourneyTests.SignedInAsync(browser, portal, "bob@example.test");
        await bob.Part("message-row").First.ClickAsync();
        await Expect(bob.Part("waiting-reason")).ToContainTextAsync("is disabled");
        await bob.PictureAsync("waiting-1440");
        await alice.GotoAsync(present);
        await alice.Part("key-enable").ClickAsync();
        await Expect(alice.Part("key-standing")).ToContainTextAsync("In use");
        await bob.Part("message-row").Filter(new() { HasText = waiting }).ClickAsync();
        await Expect(bob.Part("verdict")).ToHaveAttributeAsync("data-verdict", "signed-valid");

        // The old one goes: its certificate first, then on two words.
        await alice.GotoAsync(old);
        await alice.Part("key-revoke").ClickAsync();
        await alice.Part("key-revoke").ClickAsync();
        var code = (await alice.Part("destroy-ask").Locator("xpath=ancestor::form").InnerTextAsync()).Split("type ")[1][..8];
        await alice.Part("destroy-code").FillAsync(code);
        await alice.Part("destroy-ask").ClickAsync();
        await Expect(alice.Part("destroy-waiting")).ToBeVisibleAsync();
        await alice.PicturesAsync("key-destruction");
        await portal.Database.AskAsync("update approvals set due_at = now()");
        await portal.Database.AskAsync("update work_items set due_at = now() where kind = 'DestroyKey'");
        await alice.ReloadUntilThereAsync(alice.Part("key-standing").Filter(new() { HasTextRegex = new Regex("^Destroyed") }));
        await bob.GotoAsync("/mail/inbox");
        await bob.Part("message-row").Filter(new() { HasText = before }).ClickAsync();
        await Expect(bob.Locator("iframe").ContentFrame.Locator("body")).ToContainTextAsync("For Bob.");

        // The vault goes away: said here, and in the message that waits for it.
        portal.Vault.Fault = _ => new VaultFault(503);
        var away = JourneyTests.Unique("Away");
        await SendAsync(alice, away);
        await alice.GotoAsync("/organisation/keys");
        await Expect(Store(alice, "vault").GetByTestId("store-state")).ToHaveTextAsync("Does not answer");
        await alice.PicturesAsync("keys-away");
        await bob.GotoAsync("/mail/inbox");
        await bob.Part("message-row").First.ClickAsync();
        await Expect(bob.Part("waiting-reason")).ToContainTextAsync("does not answer");
        await bob.PicturesAsync("waiting-away");
    }

    private static ILocator Store(IPage page, string name) => page.Part("store").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true }) });

    private static async Task SendAsync(IPage page, string subject)
    {
        await JourneyTests.WriteAsync(page, "bob@example.test", subject, "For Bob.");
        await page.Part("compose-send").ClickAsync();
        await Expect(page.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
    }
}
