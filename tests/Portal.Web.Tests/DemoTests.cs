using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>The demo as a new user meets it: SQLite, a local key store, no server.</summary>
public sealed class DemoTests(Browser browser) : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("portal-demo-");
    private PortalProcess _portal = null!;

    public async ValueTask InitializeAsync() => _portal = await PortalProcess.StartAsync(
        new Dictionary<string, string> { ["Portal__DataDirectory"] = _data.FullName, ["Portal__Demo__Password"] = Password }, "--demo");

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_user_reads_mail_of_every_kind_and_writes_an_answer(bool phone)
    {
        var device = phone ? "390" : "1440";
        var page = await browser.OpenAsync(_portal.Address, phone);
        await page.GotoAsync("/");
        await page.Part("sign-in-email").WaitForAsync();
        await page.PictureAsync($"sign-in-{device}");
        await page.SignInAsync("alice@example.test", Password);
        await Expect(page.Part("message-row")).ToHaveCountAsync(12);
        await Expect(page.GetByText("Being opened…")).ToHaveCountAsync(0);
        await page.PictureAsync($"inbox-{device}");

        foreach (var (subject, verdict, encrypted) in Kinds)
        {
            await page.Part("message-row").Filter(new() { HasText = subject }).First.ClickAsync();
            await Expect(page.Part("verdict")).ToHaveAttributeAsync("data-verdict", verdict);
            await Expect(page.Part("verdict")).ToHaveAttributeAsync("data-encrypted", encrypted);
            await Expect(page.Part("message-subject")).ToContainTextAsync(subject);
            await page.Locator("iframe").ContentFrame.Locator("body").WaitForAsync();
            await page.PictureAsync($"{verdict}-{(encrypted == "true" ? "encrypted" : "clear")}-{subject.Split(' ', ':')[0].ToLowerInvariant()}-{device}");
            if (phone)
            {
                await page.Part("back").ClickAsync();
            }
        }

        await page.Part("compose").ClickAsync();
        await page.Part("compose-to").FillAsync("bob@example.test, carol@outside.test, nobody@outside.test, nonsense");
        await Expect(page.Part("recipient-outcome")).ToHaveCountAsync(4);
        await page.Part("compose-subject").FillAsync("Lunch");
        await page.Part("compose-body").FillAsync("At noon?");
        await page.PictureAsync($"compose-outcomes-{device}");
        await page.Part("compose-send").ClickAsync();
        await Expect(page.Part("compose-problem")).ToContainTextAsync("not a mail address");
        await page.Part("compose-to").FillAsync("bob@example.test, nobody@example.test");
        await Expect(page.Part("recipient-outcome")).ToHaveCountAsync(2);
        await page.Part("compose-send").ClickAsync();
        await Expect(page.Part("compose-choice")).ToBeVisibleAsync();
        await page.PictureAsync($"compose-choice-{device}");
        await page.Part("choice-leave-out").ClickAsync();
        await Expect(page.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
        await page.PictureAsync($"sent-{device}");
        foreach (var (address, name) in new[] { ("/mail/drafts", "drafts"), ("/account/mail", "account"), ("/demo/outside", "outside"), ("/leave?to=https%3A%2F%2Fshop.supplies.test%2Fsets", "leave"), ("/no/such/page", "nothing-here") })
        {
            await page.GotoAsync(address);
            await page.GetByRole(Microsoft.Playwright.AriaRole.Heading).First.WaitForAsync();
            await page.PictureAsync($"{name}-{device}");
            var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
            Assert.True(overflow <= 0, $"{address} is {overflow} pixels too wide.");
        }
    }

    private static readonly (string Subject, string Verdict, string Encrypted)[] Kinds =
    [
        ("Rota for next week", "signed-valid", "true"),
        ("Lab results", "signed-valid", "true"),
        ("Office hours", "signed-valid", "false"),
        ("Invoice 2026-118", "signed-invalid", "false"),
        ("Offer for the new scanner", "signed-untrusted", "false"),
        ("Minutes of the quality circle", "signed-untrusted", "false"),
        ("November: what is new", "none", "false"),
    ];
}
