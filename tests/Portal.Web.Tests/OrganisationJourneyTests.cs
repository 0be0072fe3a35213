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

        await alice.Part("domain-remove").ClickAsync();
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

    private async Task<Microsoft.Playwright.IPage> SignedInAsync(bool phone = false, bool german = false)
    {
        var page = await browser.OpenAsync(portal.Process.Address, phone);
        if (german)
        {
            await page.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["Accept-Language"] = "de" });
        }

        await page.SignInAsync("alice@example.test", JourneyPortal.Password);
        return page;
    }

    private static async Task PictureAsync(Microsoft.Playwright.IPage page, string name)
    {
        await page.PictureAsync(name);
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} pixels too wide.");
    }
}
