using Microsoft.Playwright;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Somebody signs under an authority that nobody here knows.</summary>
public sealed class TrustJourneyTests(Browser browser, JourneyPortal portal)
{
    [Fact]
    public async Task An_authority_waits_is_decided_about_and_the_message_that_brought_it_becomes_valid_and_is_checked_again()
    {
        await using var partner = new PublishingAuthority(TimeProvider.System.GetUtcNow());
        var carol = partner.Issue($"carol.{Guid.NewGuid():N}@partner.test");
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await JourneyTests.ConnectAccountAsync(alice);
        var subject = JourneyTests.Unique("Signed by a stranger");
        await MailServers.DeliverAsync(
            carol.Address, "alice@example.test", ForeignMail.Message(carol.Address, "alice@example.test", subject, await ForeignMail.SignAsync(ForeignMail.Text("Hello."), carol)));
        await alice.GotoAsync("/mail/inbox");
        await alice.Part("message-row").Filter(new() { HasText = subject }).ClickAsync();
        await JourneyTests.ExpectVerdictAsync(alice, "signed-untrusted", "false");
        var message = alice.Url;

        await alice.GotoAsync("/organisation/certificates");
        await alice.ReloadUntilThereAsync(alice.Part("attention").GetByRole(AriaRole.Link, new() { Name = "that wait for your decision" }));
        await alice.Part("attention").GetByRole(AriaRole.Link, new() { Name = "that wait for your decision" }).ClickAsync();
        var waiting = alice.Part("waiting-authorities").GetByTestId("authority").Filter(new() { HasText = "partner.test" });
        await alice.PicturesAsync("trust");
        await waiting.ClickAsync();
        await Expect(alice.Part("authority-fingerprint")).ToContainTextAsync(" ");
        await alice.PicturesAsync("trust-waiting");
        await alice.Part("trust-domains").FillAsync("not a domain");
        await alice.Part("trust-submit").ClickAsync();
        await Expect(alice.Part("authority-said")).ToContainTextAsync("no mail domain");
        await alice.Part("trust-domains").FillAsync("partner.test");
        await alice.Part("trust-highest").ClickAsync();
        await alice.Part("trust-submit").ClickAsync();
        await Expect(alice.Part("trusted-authorities")).ToContainTextAsync(partner.Root.Subject[3..]);
        await alice.PicturesAsync("trust-decided");

        await alice.GotoAsync(message);
        await JourneyTests.ExpectVerdictAsync(alice, "signed-valid", "false");
        await alice.Part("verdict").Locator("summary").First.ClickAsync();
        await alice.Part("recheck").ClickAsync();
        await Expect(alice.Part("recheck-again")).ToContainTextAsync("the same comes out");
        await Expect(alice.Part("recheck-now")).ToContainTextAsync("is good today as well");
        await alice.Part("rechecked").ScrollIntoViewIfNeededAsync();
        await alice.PicturesAsync("recheck");

        // Taken back, and the open page shows it.
        await alice.GotoAsync("/organisation/trust");
        await alice.Part("trusted-authorities").GetByTestId("authority").Filter(new() { HasText = partner.Root.Subject[3..] }).ClickAsync();
        await alice.Part("trust-refuse").ClickAsync();
        await alice.Part("trust-refuse").ClickAsync();
        await Expect(alice.Part("authority-standing")).ToHaveTextAsync("Not trusted");
        await alice.GotoAsync(message);
        await JourneyTests.ExpectVerdictAsync(alice, "signed-untrusted", "false");
    }

    [Fact]
    public async Task An_authority_is_added_from_a_file_and_a_file_that_is_none_is_said_in_words()
    {
        using var authority = new TestAuthority($"Authority {Guid.NewGuid():N}");
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.GotoAsync("/organisation/trust");
        await alice.Part("authority-file").ChooseAsync(authority.Issue("carol@outside.test").CertificateFile);
        await Expect(alice.Part("authority-problem")).ToContainTextAsync("nobody who may issue others");

        await alice.Part("authority-file").ChooseAsync(authority.CertificateFile);
        await Expect(alice.Part("authority-chosen")).ToContainTextAsync("Authority");
        await alice.Part("authority-fingerprint").ScrollIntoViewIfNeededAsync();
        await alice.PicturesAsync("trust-add");
        await alice.Part("trust-not-published").ClickAsync();
        await alice.Part("trust-encryption").ClickAsync();
        await alice.Part("trust-submit").ClickAsync();

        await Expect(alice.Part("authority-standing")).ToHaveTextAsync("Trusted");
        await alice.GotoAsync("/organisation/trust");
        await Expect(alice.Part("trusted-authorities")).ToContainTextAsync("Signatures · It publishes no lists");
    }
}
