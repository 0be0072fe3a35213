using Microsoft.Playwright;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>What everybody sees of their own certificates, and keys that come and go.</summary>
public sealed class OwnCertificatesJourneyTests(Browser browser)
{
    [Fact]
    public async Task Keys_of_former_times_come_in_and_a_copy_goes_out_when_a_second_person_agrees()
    {
        using var former = new TestAuthority("Former provider");
        await using var portal = new JourneyPortal();
        await portal.InitializeAsync();
        var bob = await JourneyTests.SignedInAsync(browser, portal, "bob@example.test");
        await bob.Part("account-menu").ClickAsync();
        await bob.Part("menu-own-certificates").ClickAsync();
        await Expect(bob.Part("own-current").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await bob.PicturesAsync("own-certificates");
        await bob.Part("own-replace").ClickAsync();
        await bob.Part("own-replace").ClickAsync();
        await Expect(bob.Part("own-said")).ToContainTextAsync("of today");
        var download = await bob.RunAndWaitForDownloadAsync(() => bob.Part("own-current").GetByRole(AriaRole.Link).First.ClickAsync());
        Assert.Equal(0, (await OpenSsl.RunAsync(await File.ReadAllBytesAsync(await download.PathAsync()), "x509", "-inform", "DER", "-noout")).ExitCode);

        // Keys of former times.
        var old = former.Issue("bob@former.test");
        var file = Path.Combine(Path.GetDirectoryName(old.CertificateFile)!, "old.p12");
        (await OpenSsl.RunAsync([], "pkcs12", "-export", "-legacy", "-in", old.CertificateFile, "-inkey", old.KeyFile, "-passout", "pass:secret", "-out", file)).Demand();
        await bob.Part("import-files").ChooseAsync(file);
        await bob.Part("import-password").FillAsync("wrong");
        await bob.Part("import-submit").ClickAsync();
        await Expect(bob.Part("import-problem")).ToContainTextAsync("another password");
        await bob.Part("import-password").FillAsync("secret");
        await bob.Part("import-submit").ClickAsync();
        await Expect(bob.Part("import-done")).ToContainTextAsync("Opens mail from now on");
        await Expect(bob.Part("own-former")).ToContainTextAsync("Former provider");
        await bob.Part("import-done").ScrollIntoViewIfNeededAsync();
        await bob.PicturesAsync("own-imported");
        await Expect(bob.Part("backup-not-allowed")).ToBeVisibleAsync();

        // A copy of them.
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.GotoAsync("/organisation");
        await alice.Part("policy-export").CheckAsync();
        await alice.Part("policy-save").ClickAsync();
        await Expect(alice.Part("policy-saved")).ToHaveTextAsync("Saved.");
        await portal.Database.AskAsync("update accounts set administrator_since = now() - interval '2 days' where administrator_since is not null");
        await bob.GotoAsync("/account/certificates");
        await bob.Part("backup-ask").ClickAsync();
        await Expect(bob.Part("backup-waiting")).ToContainTextAsync("has to agree");
        await alice.GotoAsync("/people");
        await alice.GetByRole(AriaRole.Link, new() { Name = "Bob Baker" }).ClickAsync();
        await Expect(alice.Part("export-waiting")).ToBeVisibleAsync();
        await alice.PicturesAsync("export-agree");
        await alice.Part("export-agree").ClickAsync();
        await Expect(alice.Part("export-said")).ToHaveTextAsync("You agreed.");
        await bob.GotoAsync("/account/certificates");
        await bob.Part("backup-password").FillAsync("correct horse battery");
        await bob.Part("backup-ready").ScrollIntoViewIfNeededAsync();
        await bob.PicturesAsync("own-backup");
        var keys = await bob.RunAndWaitForDownloadAsync(() => bob.Part("backup-download").ClickAsync());
        Assert.Equal("keys.p12", keys.SuggestedFilename);
        Assert.Equal(0, (await OpenSsl.RunAsync(await File.ReadAllBytesAsync(await keys.PathAsync()), "pkcs12", "-noout", "-passin", "pass:correct horse battery")).ExitCode);
        await bob.GotoAsync("/account/certificates");
        await Expect(bob.Part("backup-ask")).ToBeVisibleAsync();

        // A manager brings in a pair for new mail; its authority is not trusted here.
        var pair = former.Issue("bob@example.test");
        await alice.GotoAsync("/organisation/certificates/import");
        await alice.Part("import-address").FillAsync("nobody@example.test");
        await alice.Part("import-new").ClickAsync();
        await alice.Part("import-files").ChooseAsync(pair.CertificateFile, pair.KeyFile);
        await alice.Part("import-submit").ClickAsync();
        await Expect(alice.Part("import-problem")).ToContainTextAsync("Nobody of that address");
        await alice.Part("import-address").FillAsync("bob@example.test");
        await alice.Part("import-submit").ClickAsync();
        await Expect(alice.Part("import-done")).ToContainTextAsync("does not trust its authority");
        await alice.PicturesAsync("import");

        // One that signs what the portal writes: mail programs outside would have to know its authority.
        pair = former.Issue("no-reply@example.test");
        await alice.Part("import-notices").ClickAsync();
        await Expect(alice.Part("import-address")).ToHaveCountAsync(0);
        await alice.Part("import-files").ChooseAsync(pair.CertificateFile, pair.KeyFile);
        await alice.Part("import-submit").ClickAsync();
        await Expect(alice.Part("import-done")).ToContainTextAsync("do not know its authority");
        await alice.PicturesAsync("import-notices");
    }
}
