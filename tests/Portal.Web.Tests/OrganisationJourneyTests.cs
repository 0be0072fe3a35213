using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>What an administrator does about the organisation itself.</summary>
public sealed class OrganisationJourneyTests(Browser browser, JourneyPortal portal)
{
    [Fact]
    public async Task An_organisation_gets_a_name_and_chooses_what_it_allows()
    {
        var alice = await SignedInAsync();
        await alice.Part("account-menu").ClickAsync();
        await alice.Part("menu-organisation").ClickAsync();
        var name = await alice.Part("organisation-name").InputValueAsync();
        await Expect(alice.Part("figure-people")).Not.ToHaveTextAsync("0");
        await PictureAsync(alice, "organisation-1440");
        await alice.Part("organisation-name").FillAsync($"{name} West");
        await alice.Part("organisation-name-save").ClickAsync();
        await Expect(alice.Part("organisation-name-saved")).ToHaveTextAsync("Saved.");
        var software = await alice.Part("policy-unknown").InputValueAsync();
        await alice.Part("policy-unknown").SelectOptionAsync(software == "Modern" ? "Compatible" : "Modern");
        await alice.Part("policy-save").ClickAsync();
        await Expect(alice.Part("policy-saved")).ToHaveTextAsync("Saved.");
        await alice.ReloadAsync();
        await Expect(alice.Part("organisation-name")).ToHaveValueAsync($"{name} West");
        await Expect(alice.Part("policy-unknown")).Not.ToHaveValueAsync(software);

        // As it was, for whoever comes next.
        await alice.Part("organisation-name").FillAsync(name);
        await alice.Part("organisation-name-save").ClickAsync();
        await Expect(alice.Part("organisation-name-saved")).ToHaveTextAsync("Saved.");
        await alice.Part("policy-unknown").SelectOptionAsync(software);
        await alice.Part("policy-save").ClickAsync();
        await Expect(alice.Part("policy-saved")).ToHaveTextAsync("Saved.");
    }

    [Fact]
    public async Task Limits_are_chosen_within_what_the_operator_allows()
    {
        var alice = await SignedInAsync();
        await alice.GotoAsync("/organisation");
        await alice.Part("limit-message").FillAsync("4000");
        await alice.Part("limits-save").ClickAsync();
        await Expect(alice.Part("limits-saved")).ToContainTextAsync("Nothing was saved");
        await alice.Part("limit-message").FillAsync("40");
        await alice.Part("limits-save").ClickAsync();
        await Expect(alice.Part("limits-saved")).ToHaveTextAsync("Saved.");
        await alice.Part("limits-save").ScrollIntoViewIfNeededAsync();
        await PictureAsync(alice, "limits-1440");
        await alice.ReloadAsync();
        await Expect(alice.Part("limit-message")).ToHaveValueAsync("40");
        await alice.Part("limit-messages").FillAsync("99999999999");
        await alice.Part("limits-save").ClickAsync();
        await Expect(alice.Part("limits-saved")).ToContainTextAsync("Nothing was saved");
        await alice.Part("limit-messages").FillAsync("");
        await alice.Part("limit-people").FillAsync("1");
        await alice.Part("limits-save").ClickAsync();
        await Expect(alice.Part("limits-saved")).ToContainTextAsync("all of them stay");
        await alice.Part("limit-people").FillAsync("");
        await alice.Part("limit-message").FillAsync("");
        await alice.Part("limits-save").ClickAsync();
        await Expect(alice.Part("limits-saved")).ToHaveTextAsync("Saved.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mail_account_is_tested_step_by_step(bool phone)
    {
        var device = phone ? "390" : "1440";
        // No other test connects the account of this person.
        var bob = await SignedInAsync(phone, german: phone, "bob@example.test");
        await bob.GotoAsync("/account/mail");
        var before = await bob.Part("imap-host").InputValueAsync();
        await bob.Part("account-provider").SelectOptionAsync("Google");
        await Expect(bob.Part("imap-host")).ToHaveValueAsync("imap.gmail.com");
        await Expect(bob.Part("account-token-endpoint")).ToHaveValueAsync("https://oauth2.googleapis.com/token");
        await PictureAsync(bob, $"account-google-{device}");
        await bob.Part("account-sign-in").SelectOptionAsync("");
        await bob.Part("imap-host").FillAsync("localhost");
        await bob.Part("imap-port").FillAsync($"{TestServers.ImapPort}");
        await bob.Part("smtp-host").FillAsync("localhost");
        await bob.Part("smtp-port").FillAsync($"{TestServers.SubmissionPort}");
        await bob.Part("smtp-tls").SelectOptionAsync("StartTls");
        await bob.Part("account-user").FillAsync("bob@example.test");
        await bob.Part("account-password").FillAsync(TestServers.MailPassword);
        await bob.Part("account-test").ClickAsync();
        await Expect(bob.Part("steps-Imap")).ToContainTextAsync(phone ? "Wählen Sie STARTTLS" : "Choose STARTTLS");
        await Expect(bob.Part("step-UseSenderAddress")).ToContainTextAsync("60 MB");
        await Expect(bob.Part("account-test")).ToBeEnabledAsync();
        await Expect(bob.Part("account-said")).ToHaveCountAsync(0);
        await bob.Part("account-test").ScrollIntoViewIfNeededAsync();
        await PictureAsync(bob, $"account-test-{device}");
        await bob.Part("imap-port").FillAsync($"{TestServers.ImapsPort}");
        await bob.Part("account-test").ClickAsync();
        await Expect(bob.Part("account-said")).ToContainTextAsync(phone ? "Beide Server sind brauchbar" : "Both servers can be used");
        await bob.ReloadAsync();
        await Expect(bob.Part("imap-host")).ToHaveValueAsync(before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_domain_is_claimed_proved_and_given_up(bool phone)
    {
        var (device, domain) = (phone ? "390" : "1440", $"d{Guid.NewGuid():N}.test");
        var alice = await SignedInAsync(phone);
        await alice.GotoAsync("/organisation/domains");
        await alice.Part("domain").First.WaitForAsync();
        await alice.Part("domain-name").FillAsync("no domain");
        await alice.Part("domain-add").ClickAsync();
        await Expect(alice.Part("domain-problem")).ToContainTextAsync("no mail domain");
        await PictureAsync(alice, $"domains-{device}");
        await alice.Part("domain-name").FillAsync(domain);
        await alice.Part("domain-add").ClickAsync();
        await Expect(alice.Part("domain-state")).ToHaveTextAsync("Not proved");
        var (name, value) = (await alice.Part("record-name").First.InnerTextAsync(), await alice.Part("record-value").First.InnerTextAsync());
        await PictureAsync(alice, $"domain-claimed-{device}");
        await alice.Part("copy").First.ClickAsync();
        await Expect(alice.Part("copy").First).ToHaveTextAsync("Select the text to copy it");
        await alice.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await alice.Part("copy").First.ClickAsync();
        await Expect(alice.Part("copy").First).ToHaveTextAsync("Copied");
        Assert.Equal(name, await alice.EvaluateAsync<string>("navigator.clipboard.readText()"));

        await alice.Part("domain-look").ClickAsync();
        await Expect(alice.Part("domain-look-said")).ToContainTextAsync("no such record yet");
        portal.Dns.Names[name] = new DnsBehaviour.Texts("portal-domain=another");
        await alice.Part("domain-look").ClickAsync();
        await Expect(alice.Part("domain-look-said")).ToContainTextAsync("portal-domain=another");
        await PictureAsync(alice, $"domain-other-{device}");
        portal.Dns.Names[name] = new DnsBehaviour.ServerFailure();
        await alice.Part("domain-look").ClickAsync();
        await Expect(alice.Part("domain-look-said")).ToContainTextAsync("do not answer");
        portal.Dns.Names[name] = new DnsBehaviour.Texts(value);
        await alice.Part("domain-look").ClickAsync();
        await Expect(alice.Part("domain-look-said")).ToContainTextAsync("is yours");
        await Expect(alice.Part("domain-state")).ToContainTextAsync("Proved since");
        await PictureAsync(alice, $"domain-proved-{device}");

        await alice.Part("signing-prepare").ClickAsync();
        await alice.Part("signing-start").ClickAsync();
        await Expect(alice.Part("signing-look-said")).ToContainTextAsync("no such record yet");
        var (keyName, keyValue) = (await alice.Part("record-name").Last.InnerTextAsync(), await alice.Part("record-value").Last.InnerTextAsync());
        Assert.Contains("._domainkey.", keyName, StringComparison.Ordinal);
        portal.Dns.Names[keyName] = new DnsBehaviour.Texts(keyValue);
        await alice.Part("signing-start").ScrollIntoViewIfNeededAsync();
        await PictureAsync(alice, $"domain-key-{device}");
        await alice.Part("signing-start").ClickAsync();
        await Expect(alice.Part("signing-state")).ToContainTextAsync("Signing since");
        await alice.Part("signing-stop").ClickAsync();
        await Expect(alice.Part("signing-keep")).ToContainTextAsync(keyName);

        await alice.Part("domain-remove").DblClickAsync();
        await Expect(alice.Part("domain-remove")).ToContainTextAsync("Really");
        await Task.Delay(700);
        await alice.Part("domain-remove").ClickAsync();
        await alice.Part("domain").First.WaitForAsync();
        await Expect(alice.GetByText(domain)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_pages_of_the_organisation_are_there_in_German_too()
    {
        var alice = await SignedInAsync(phone: true, german: true);
        await alice.GotoAsync("/organisation");
        await Expect(alice.Part("policy-second-factor")).ToBeVisibleAsync();
        await PictureAsync(alice, "organisation-german-390");
        await alice.Part("to-domains").ClickAsync();
        await alice.Part("domain").First.ClickAsync();
        await Expect(alice.Part("domain-state")).ToContainTextAsync("Nachgewiesen seit");
        await PictureAsync(alice, "domain-german-390");
    }

    private async Task<Microsoft.Playwright.IPage> SignedInAsync(bool phone = false, bool german = false, string address = "alice@example.test")
    {
        var page = await browser.OpenAsync(portal.Process.Address, phone, german ? "de-DE" : "en-US");
        await page.SignInAsync(address, JourneyPortal.Password);
        return page;
    }

    private static async Task PictureAsync(Microsoft.Playwright.IPage page, string name)
    {
        await page.PictureAsync(name);
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} pixels too wide.");
    }
}
