using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Who signs people's certificates: a further authority, one below an outside root, everybody's certificates anew.</summary>
public sealed class AuthoritiesJourneyTests(Browser browser)
{
    [Fact]
    public async Task An_authority_below_an_outside_root_is_asked_for_answered_and_everybody_gets_certificates_of_it()
    {
        using var root = await OutsideRoot.MakeAsync();
        await using var portal = new SqlitePortal();
        await portal.InitializeAsync();
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.GotoAsync("/organisation/certificates");
        await alice.Part("tab-authorities").ClickAsync();
        await Expect(alice.Part("own-authority")).ToHaveCountAsync(2);
        await alice.PicturesAsync("authorities");

        await alice.Part("authority-place-BelowOther").ClickAsync();
        await alice.Part("authority-name").FillAsync("Clinic CA");
        await alice.Part("authority-create").ClickAsync();
        var requested = alice.Part("own-authority").Filter(new() { HasText = "Clinic CA" });
        await Expect(requested).ToHaveAttributeAsync("data-condition", "Requested");
        await alice.PicturesAsync("authorities-requested");
        var request = await alice.RunAndWaitForDownloadAsync(() => requested.GetByTestId("authority-request").ClickAsync());
        await requested.GetByTestId("authority-answer").ChooseAsync(root.At("root.pem"));
        await Expect(alice.Part("authorities-said")).ToContainTextAsync("for the key of this request");
        var signed = await root.SignAsync(await File.ReadAllTextAsync(await request.PathAsync()), "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n");
        await File.WriteAllTextAsync(root.At("chain.pem"), signed + root.Pem);
        await requested.GetByTestId("authority-answer").ChooseAsync(root.At("chain.pem"));
        await Expect(alice.Part("authorities-said")).ToContainTextAsync("as soon as you choose");

        await requested.GetByTestId("authority-use").ClickAsync();
        await Expect(requested).ToContainTextAsync("issues");
        await alice.Part("authority-reissue").ClickAsync();
        await alice.GotoAsync("/organisation/authorities");
        await alice.ReloadUntilThereAsync(requested.Filter(new() { HasText = "of people: 4" }));
        await Expect(alice.Part("authority-reissue")).ToHaveCountAsync(0);
        await Expect(alice.Part("own-authority").Filter(new() { HasText = "Clinic CA" })).ToContainTextAsync("issues");
        await alice.PicturesAsync("authorities-below-other");
        await alice.Part("own-authority").Filter(new() { HasText = "Mail CA" }).GetByTestId("authority-use").ClickAsync();
        await Expect(alice.Part("own-authority").Filter(new() { HasText = "Mail CA" })).ToContainTextAsync("issues");
        await alice.GotoAsync("/account/certificates");
        await Expect(alice.Part("own-current")).ToContainTextAsync("by Clinic CA");
    }
}
