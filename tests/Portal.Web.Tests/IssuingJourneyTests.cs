using System.Globalization;
using System.Text;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Certificates for a list of people, for a key that somebody has elsewhere, and from another authority.</summary>
public sealed class IssuingJourneyTests(Browser browser)
{
    [Fact]
    public async Task A_list_is_issued_for_line_by_line_and_its_outcomes_are_there_as_a_file()
    {
        await using var portal = new SqlitePortal();
        await portal.InitializeAsync();
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.GotoAsync("/organisation/certificates");
        await alice.Part("tab-issue").ClickAsync();
        await alice.Part("issue-start").ClickAsync();
        await Expect(alice.Part("issue-problem")).ToContainTextAsync("no address");
        await alice.Part("issue-addresses").FillAsync("alice@example.test\nnobody@example.test\nBob, of the ward");
        await alice.PicturesAsync("issue");
        await alice.Part("issue-start").ClickAsync();

        await Expect(alice.Part("issuance-progress")).ToHaveTextAsync("Done. Lines: 3");
        await Expect(alice.Part("count-AlreadyThere")).ToHaveTextAsync("1");
        await Expect(alice.Part("issuance-lines").Locator("li")).ToHaveCountAsync(2);
        await alice.PicturesAsync("issuance");
        var outcomes = await alice.RunAndWaitForDownloadAsync(() => alice.Part("issuance-file").ClickAsync());
        Assert.Equal(
            ["\"line\",\"address\",\"outcome\",\"words\"", "\"1\",\"alice@example.test\",\"AlreadyThere\",\"\"", "\"2\",\"nobody@example.test\",\"NobodyHere\",\"\"", "\"3\",\"Bob\",\"NoAddress\",\"\""],
            await File.ReadAllLinesAsync(await outcomes.PathAsync()));

        await alice.GotoAsync("/organisation/certificates/issue");
        await alice.Part("issue-file").ChooseAsync(new Microsoft.Playwright.FilePayload { Name = "ward.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("Name;Address\r\nBob;bob@example.test\r\n") });
        await Expect(alice.Part("issue-chosen")).ToHaveTextAsync("ward.csv");
        await alice.Part("issue-everybody").ClickAsync();
        await alice.Part("issue-start").ClickAsync();
        await Expect(alice.Part("count-Issued")).ToHaveTextAsync("1");
        await alice.GotoAsync("/organisation/certificates/issue");
        await Expect(alice.Part("issuance")).ToHaveCountAsync(2);
        await alice.Part("issuances").ScrollIntoViewIfNeededAsync();
        await alice.PicturesAsync("issue-lists");
    }

    [Fact]
    public async Task A_key_elsewhere_is_certified_and_another_authority_s_certificates_take_over()
    {
        using var root = await OutsideRoot.MakeAsync();
        await using var portal = new SqlitePortal();
        await portal.InitializeAsync();
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.GotoAsync("/organisation/certificates/issue");
        (await OpenSsl.RunAsync([], "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", root.At("card.key"), "-out", root.At("card.csr"), "-subj", "/CN=Anybody")).Demand();
        await alice.Part("own-key-address").FillAsync("bob@example.test");
        await alice.Part("own-key-file").ChooseAsync(root.At("root.pem"));
        await Expect(alice.Part("own-key-problem")).ToContainTextAsync("no certification request");
        await alice.Part("own-key-file").ChooseAsync(root.At("card.csr"));
        await Expect(alice.Part("own-key-done")).ToBeVisibleAsync();

        await alice.Part("outside-address").FillAsync("bob@example.test");
        await alice.Part("outside-request").ClickAsync();
        await Expect(alice.Part("outside-waiting").Locator("li")).ToHaveCountAsync(2);
        var requests = await alice.RunAndWaitForDownloadAsync(() => alice.Part("outside-file").First.ClickAsync());
        var pem = await File.ReadAllTextAsync(await requests.PathAsync());
        await File.WriteAllTextAsync(root.At("answer.pem"), root.Pem + await root.SignAsync(pem, "keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\nsubjectAltName=email:bob@example.test\n", (At(-1), At(40))));
        await alice.Part("outside-answer").ChooseAsync(root.At("answer.pem"));
        await Expect(alice.Part("outside-answers")).ToContainTextAsync("does not trust");
        await alice.Part("outside-answers").ScrollIntoViewIfNeededAsync();
        await alice.PicturesAsync("issue-outside");

        await alice.GotoAsync("/organisation/trust");
        await alice.Part("authority-file").ChooseAsync(root.At("root.pem"));
        await alice.Part("trust-not-published").ClickAsync();
        await alice.Part("trust-submit").ClickAsync();
        await Expect(alice.Part("authority-standing")).ToHaveTextAsync("Trusted");
        await alice.GotoAsync("/organisation/certificates/issue");
        await alice.Part("outside-answer").ChooseAsync(root.At("answer.pem"));
        await Expect(alice.Part("outside-answers")).ToContainTextAsync("Used from now on");
        await Expect(alice.Part("outside-waiting").Locator("li")).ToHaveCountAsync(1);
        await alice.Part("outside-withdraw").ClickAsync();
        await alice.Part("outside-withdraw").ClickAsync();
        await Expect(alice.Part("outside-waiting")).ToHaveCountAsync(0);

        var bob = await JourneyTests.SignedInAsync(browser, portal, "bob@example.test");
        await bob.GotoAsync("/account/certificates");
        await Expect(bob.Part("own-current")).ToContainTextAsync("by Outside Root");
        await Expect(bob.Part("own-current")).ToContainTextAsync("Key in other software");
        await Expect(bob.Part("own-ends")).ToContainTextAsync("not renewed by itself");
        await bob.PicturesAsync("own-elsewhere");

        static string At(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyMMddHHmmss'Z'", CultureInfo.InvariantCulture);
    }
}
