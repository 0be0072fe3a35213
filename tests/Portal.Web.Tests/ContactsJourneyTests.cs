using System.Net.Http.Headers;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Whom mail is encrypted for: files, directories of others, and our own for others.</summary>
public sealed class ContactsJourneyTests(Browser browser, JourneyPortal portal)
{
    [Fact]
    public async Task A_directory_is_set_up_tried_and_found_when_somebody_is_looked_up_and_a_file_does_it_too()
    {
        using var authority = new TestAuthority($"Directory {Guid.NewGuid():N}"[..20]);
        var carol = authority.Issue($"carol.{Guid.NewGuid():N}@partner.test");
        await LdapEntries.AddAsync(carol.Address, [carol.Certificate.RawData], []);
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.GotoAsync("/organisation/trust");
        await alice.Part("authority-file").ChooseAsync(authority.CertificateFile);
        await alice.Part("trust-not-published").ClickAsync();
        await alice.Part("trust-submit").ClickAsync();
        await Expect(alice.Part("authority-standing")).ToHaveTextAsync("Trusted");

        await alice.GotoAsync("/organisation/directories");
        await alice.Part("directory-host").FillAsync("localhost");
        await alice.Part("directory-port").FillAsync($"{TestServers.LdapsPort}");
        await alice.Part("directory-base").FillAsync(LdapEntries.BaseName);
        await alice.Part("directory-domains").FillAsync("nonsense");
        await alice.Part("directory-save").ClickAsync();
        await Expect(alice.Part("directory-said")).ToContainTextAsync("at least one mail domain");
        await alice.Part("directory-domains").FillAsync("partner.test");
        await alice.Part("directory-save").ClickAsync();
        await alice.Part("directories").GetByTestId("directory-edit").Last.ClickAsync();
        await alice.Part("directory-try-address").FillAsync(carol.Address);
        await alice.Part("directory-try").ClickAsync();
        await Expect(alice.Part("directory-said")).ToContainTextAsync("Certificates for this address: 1");
        await alice.PicturesAsync("directories");

        await alice.Part("account-menu").ClickAsync();
        await alice.Part("menu-contacts").ClickAsync();
        await alice.Part("contact-address").FillAsync(carol.Address);
        await alice.Part("contact-find").ClickAsync();
        await Expect(alice.Part("contact-certificate")).ToContainTextAsync("from a directory");
        await Expect(alice.Part("contact-certificate")).ToHaveAttributeAsync("data-chosen", "true");
        await alice.Part("contact-file").ChooseAsync(authority.IssueOnCurve(carol.Address).CertificateFile);
        await Expect(alice.Part("contact-certificate")).ToHaveCountAsync(2);
        await Expect(alice.Part("contact-said")).ToContainTextAsync("Kept.");
        await alice.PicturesAsync("contacts");

        await alice.GotoAsync("/organisation/directories");
        await alice.Part("directories").GetByTestId("directory-remove").Last.ClickAsync();
        await alice.Part("directories").GetByTestId("directory-remove").Last.ClickAsync();
        await Expect(alice.Part("directories")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Our_own_certificates_are_looked_up_over_https_by_whom_they_are_meant_for()
    {
        using var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        using var client = new HttpMessageInvoker(handler);
        Assert.Equal(404, await StatusAsync(client, "/certificates?email=bob@example.test"));
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        var inside = await alice.APIRequest.GetAsync("/certificates?email=bob@example.test");
        Assert.Equal((200, "application/pkcs7-mime; smime-type=certs-only"), (inside.Status, inside.Headers["content-type"]));
        await alice.GotoAsync("/organisation/directories");
        await alice.Part("directory-public").CheckAsync();
        await Expect(alice.GetByText("Saved.")).ToBeVisibleAsync();

        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(portal.Process.Address, "/certificates?email=bob@example.test"));
        question.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/pkix-cert"));
        using var answer = await client.SendAsync(question, CancellationToken.None);

        Assert.Equal(("application/pkix-cert", 200), (answer.Content.Headers.ContentType?.MediaType, (int)answer.StatusCode));
        Assert.Equal(0, (await OpenSsl.RunAsync(await answer.Content.ReadAsByteArrayAsync(), "x509", "-inform", "DER", "-noout", "-checkemail", "bob@example.test")).ExitCode);
        Assert.Equal(404, await StatusAsync(client, "/certificates?email=mallory@rival.test"));
        Assert.Equal(404, await StatusAsync(client, "/certificates"));
        await alice.Part("directory-public").UncheckAsync();
        await Expect(alice.GetByText("Saved.")).ToBeVisibleAsync();
    }

    private async Task<int> StatusAsync(HttpMessageInvoker client, string path)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(portal.Process.Address, path));
        using var answer = await client.SendAsync(question, CancellationToken.None);
        return (int)answer.StatusCode;
    }
}
