using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Playwright;
using Portal.Smime.Mime;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Whole journeys: real browser, PostgreSQL, Postfix and Dovecot, with openssl as the peer. Once for each key store.</summary>
public abstract class JourneyContract(Browser browser, JourneyPortal portal)
{
    [Fact]
    public async Task Alice_writes_to_bob_inside_and_his_open_page_shows_it()
    {
        var (alice, bob) = (await SignedInAsync("alice@example.test"), await SignedInAsync("bob@example.test"));
        var subject = Unique("Inside");
        await WriteAsync(alice, "bob@example.test", subject, "Only for Bob.");
        await Expect(alice.Part("recipient-outcome")).ToHaveAttributeAsync("data-handling", "encrypted");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");

        await bob.Part("message-row").Filter(new() { HasText = subject }).ClickAsync();
        await ExpectVerdictAsync(bob, "signed-valid", "true");
        await Expect(bob.Locator("iframe").ContentFrame.Locator("body")).ToContainTextAsync("Only for Bob.");
    }

    [Fact]
    public async Task Mail_to_and_from_the_outside_agrees_with_openssl()
    {
        using var authority = new TestAuthority($"Outside {Guid.NewGuid():N}");
        var carol = authority.Issue($"carol.{Guid.NewGuid():N}@outside.test");
        await MailServers.AddUsersAsync(carol.Address);
        await TrustAsync(authority);
        var alice = await SignedInAsync("alice@example.test");
        await ConnectAccountAsync(alice);

        // Nobody knows Carol's certificate yet, and nobody outside reads here: Alice chooses to send signed only.
        await portal.Database.AskAsync("update organisations set outsiders = 'Certificate'");
        var first = Unique("First contact");
        await WriteAsync(alice, carol.Address, first, "Please answer encrypted.");
        await Expect(alice.Part("recipient-outcome")).ToHaveAttributeAsync("data-handling", "no-certificate");
        await alice.Part("compose-send").ClickAsync();
        await alice.Part("choice-signed-only").ClickAsync();
        var received = await MailServers.ReadAsync(carol.Address, first);
        var verified = await OpenSsl.RunAsync(received, "cms", "-verify", "-CAfile", await AuthorityFileAsync(), "-cades");
        Assert.Contains("Please answer encrypted.", Encoding.UTF8.GetString(verified.Demand()), StringComparison.Ordinal);

        // Carol answers with openssl, signed and encrypted for the certificate that came along.
        var answer = Unique("Answer");
        var signed = await ForeignMail.SignAsync(ForeignMail.Text("Here you are."), carol);
        var encrypted = await ForeignMail.EncryptAsync(signed, await EncryptionCertificateFileAsync(received));
        await MailServers.DeliverAsync(carol.Address, "alice@example.test", ForeignMail.Message(carol.Address, "alice@example.test", answer, encrypted));
        await alice.Part("folder-inbox").ClickAsync();
        await alice.Part("message-row").Filter(new() { HasText = answer }).ClickAsync();
        await ExpectVerdictAsync(alice, "signed-valid", "true");
        await Expect(alice.Locator("iframe").ContentFrame.Locator("body")).ToContainTextAsync("Here you are.");

        // One byte changed on the way.
        var altered = Unique("Altered");
        var tampered = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(signed).Replace("Here you are.", "Here you arE.", StringComparison.Ordinal));
        await MailServers.DeliverAsync(carol.Address, "alice@example.test", ForeignMail.Message(carol.Address, "alice@example.test", altered, tampered));
        await alice.Part("message-row").Filter(new() { HasText = altered }).ClickAsync();
        await ExpectVerdictAsync(alice, "signed-invalid", "false");

        // Her certificate is known now, and openssl reads what the portal encrypts.
        var secret = Unique("Secret");
        await WriteAsync(alice, carol.Address, secret, "The encrypted answer.");
        await Expect(alice.Part("recipient-outcome")).ToHaveAttributeAsync("data-handling", "encrypted-compatible");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
        var raw = await MailServers.ReadAsync(carol.Address, HeaderConfidentiality.Obscured);
        Assert.DoesNotContain(secret, Encoding.Latin1.GetString(raw), StringComparison.Ordinal);
        Assert.DoesNotContain("The encrypted answer.", Encoding.Latin1.GetString(raw), StringComparison.Ordinal);
        var decrypted = (await OpenSsl.RunAsync(raw, "cms", "-decrypt", "-recip", carol.CertificateFile, "-inkey", carol.KeyFile)).Demand();
        var content = await OpenSsl.RunAsync(decrypted, "cms", "-verify", "-CAfile", await AuthorityFileAsync(), "-cades");
        Assert.Contains("The encrypted answer.", Encoding.UTF8.GetString(content.Demand()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_account_that_cannot_be_reached_is_said_in_words()
    {
        var bob = await SignedInAsync("bob@example.test");
        await bob.GotoAsync("/account/mail");
        await FillAccountAsync(bob, "bob@example.test", "wrong password");
        await Expect(bob.Part("account-problem")).ToContainTextAsync("does not accept this user name and password");
        await bob.Part("imap-port").FillAsync("1");
        await bob.Part("account-save").ClickAsync();
        await Expect(bob.Part("steps-Imap")).ToContainTextAsync("Nothing listens at localhost, port 1");
        await Expect(bob.Part("account-said")).ToHaveTextAsync("Nothing was changed.");
        await bob.PictureAsync("account-problem-1440");
    }

    private Task<IPage> SignedInAsync(string address) => SignedInAsync(browser, portal, address);

    internal static async Task<IPage> SignedInAsync(Browser browser, JourneyPortal portal, string address, bool phone = false)
    {
        var page = await browser.OpenAsync(portal.Process.Address, phone);
        await page.SignInAsync(address, JourneyPortal.Password);
        return page;
    }

    internal static async Task WriteAsync(IPage page, string to, string subject, string body)
    {
        await page.GotoAsync("/compose");
        await page.Part("compose-to").FillAsync(to);
        await page.Part("compose-subject").FillAsync(subject);
        await SavingAsync(page, () => page.Part("compose-body").FillAsync(body));
    }

    /// <summary>Does something to a draft, and waits until that is saved too: "Saved" may be about what was before.</summary>
    internal static async Task SavingAsync(IPage page, Func<Task> change)
    {
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
        var before = await page.Part("saved").GetAttributeAsync("data-version") ?? string.Empty;
        await change();
        await Expect(page.Part("saved")).Not.ToHaveAttributeAsync("data-version", before);
        await Expect(page.Part("saved")).ToContainTextAsync("Saved");
    }

    internal static async Task ExpectVerdictAsync(IPage page, string verdict, string encrypted)
    {
        await Expect(page.Part("verdict")).ToHaveAttributeAsync("data-verdict", verdict);
        await Expect(page.Part("verdict")).ToHaveAttributeAsync("data-encrypted", encrypted);
    }

    internal static string Unique(string subject) => $"{subject} {Guid.NewGuid():N}";

    internal static async Task ConnectAccountAsync(IPage page)
    {
        await page.GotoAsync("/account/mail");
        await FillAccountAsync(page, "alice@example.test", TestServers.MailPassword);
        await Expect(page.Part("account-state")).ToBeVisibleAsync();
    }

    private static async Task FillAccountAsync(IPage page, string user, string password)
    {
        await page.Part("imap-host").FillAsync("localhost");
        await page.Part("imap-port").FillAsync($"{TestServers.ImapsPort}");
        await page.Part("smtp-host").FillAsync("localhost");
        await page.Part("smtp-port").FillAsync($"{TestServers.SubmissionPort}");
        await page.Part("account-user").FillAsync(user);
        await page.Part("account-password").FillAsync(password);
        await page.Part("account-save").ClickAsync();
    }

    [Fact]
    public async Task Openssl_follows_the_addresses_in_our_certificates()
    {
        var (root, issuing) = (await AuthorityFileAsync(), await CertificateFileAsync("kind = 'IssuingAuthority'"));
        var person = await CertificateFileAsync("kind = 'Signing' and address = 'alice@example.test'");
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(person);
        var responder = certificate.Extensions.OfType<X509AuthorityInformationAccessExtension>().Single().EnumerateOcspUris().Single();

        foreach (var (one, purpose) in new[] { (person, "smimesign"), (issuing, "crlsign") })
        {
            var verified = await OpenSsl.RunAsync([], "verify", "-x509_strict", "-purpose", purpose, "-crl_check", "-crl_download", "-CAfile", root, "-untrusted", issuing, one);
            Assert.True(verified.ExitCode == 0, verified.Words);
        }

        var answered = await OpenSsl.RunAsync([], "ocsp", "-issuer", issuing, "-cert", person, "-CAfile", root, "-verify_other", issuing, "-url", responder);

        Assert.StartsWith($"{person}: good", Encoding.UTF8.GetString(answered.Output), StringComparison.Ordinal);
        Assert.Contains("Response verify OK", answered.Words, StringComparison.Ordinal);
    }

    private async Task TrustAsync(TestAuthority authority)
    {
        var said = await Cli.RunAsync(portal.Settings, "trust", "add", authority.CertificateFile, "--domain", "example.test");
        Assert.Contains("Example Clinic trusts", said, StringComparison.Ordinal);
    }

    private Task<string> AuthorityFileAsync() => CertificateFileAsync("kind = 'RootAuthority'");

    private async Task<string> CertificateFileAsync(string which)
    {
        var encoded = (byte[])(await portal.Database.AskAsync($"select encoded from certificates where {which} and state = 'Issued' and organisation_id = (select organisation_id from accounts where normalised_email = 'alice@example.test') order by created_at desc limit 1"))!;
        using var certificate = X509CertificateLoader.LoadCertificate(encoded);
        var file = Path.Combine(portal.DataDirectory, $"{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        return file;
    }

    /// <summary>What openssl finds in a signed message: the signer's RSA certificate is the one for answers.</summary>
    private async Task<string> EncryptionCertificateFileAsync(byte[] signedMessage)
    {
        var file = Path.Combine(portal.DataDirectory, $"{Guid.NewGuid():N}.pem");
        (await OpenSsl.RunAsync(signedMessage, "cms", "-verify", "-noverify", "-certsout", file)).Demand();
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(file);
        var encryption = all.Single(one => one.GetRSAPublicKey() is not null);
        await File.WriteAllTextAsync(file, encryption.ExportCertificatePem());
        return file;
    }
}

public sealed class JourneyTests(Browser browser, JourneyPortal portal) : JourneyContract(browser, portal);

[Collection(KeyStoreJourneys.Name)]
public sealed class TokenJourneyTests(Browser browser, TokenPortal portal) : JourneyContract(browser, portal), IClassFixture<TokenPortal>;

[Collection(KeyStoreJourneys.Name)]
public sealed class VaultJourneyTests(Browser browser, VaultPortal portal) : JourneyContract(browser, portal), IClassFixture<VaultPortal>;

/// <summary>Each starts a portal with keys of its own: one after the other.</summary>
internal static class KeyStoreJourneys
{
    public const string Name = "Journeys by key store";
}
