using System.Text.RegularExpressions;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>The first visit of a portal that is run for real.</summary>
public sealed class SetUpTests(Browser browser) : IAsyncLifetime
{
    private const int MostPages = 3;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("portal-set-up-");
    private PostgresDatabase _database = null!;
    private PortalProcess _portal = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        var settings = JourneyPortal.SettingsFor(_database, _data.FullName);
        settings["Portal__Session__CircuitsPerAccount"] = $"{MostPages}";
        _portal = await PortalProcess.StartAsync(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Whoever_reads_the_console_founds_the_organisation_and_nobody_else()
    {
        var page = await browser.OpenAsync(_portal.Address);
        await page.GotoAsync("/mail/inbox");
        await Expect(page).ToHaveURLAsync(new Regex("/set-up$"));
        await page.PictureAsync("set-up-1440");
        var phone = await browser.OpenAsync(_portal.Address, phone: true);
        await phone.GotoAsync("/");
        await phone.PictureAsync("set-up-390");
        await FillAsync(page, "AAAA-AAAA-AAAA-AAAA", "ada@clinic.test", "correct horse battery");
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("not the one on the console");

        var code = Regex.Match(_portal.Said, "[A-Z0-9]{4}(-[A-Z0-9]{4}){3}").Value;
        await FillAsync(page, code, "ada@elsewhere.test", "short");
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("too short");
        await page.PictureAsync("set-up-problems-1440");
        await FillAsync(page, code, "ada@clinic.test", "correct horse battery");
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in"));

        await FirstSecondFactorAsync(page, "ada@clinic.test", "correct horse battery");
        await Expect(page.Part("empty")).ToBeVisibleAsync();
        await page.PictureAsync("inbox-empty-1440");
        await page.GotoAsync("/set-up");
        await Expect(page.Part("set-up-code")).ToHaveCountAsync(0);
        await page.GotoAsync("/mail/inbox");
        await page.Part("empty").WaitForAsync();
        await OpenTooManyAsync(page.Context);
    }

    private static async Task OpenTooManyAsync(Microsoft.Playwright.IBrowserContext context)
    {
        var pages = new List<Microsoft.Playwright.IPage>();
        for (var i = 1; i <= MostPages; i++)
        {
            var page = await context.NewPageAsync();
            pages.Add(page);
            await page.GotoAsync("/mail/inbox");
            await Expect(page.Locator("h1").First).ToHaveTextAsync(i < MostPages ? "Inbox" : "Too many pages are open");
        }

        await pages[^1].PictureAsync("too-many-pages-1440");
        await pages[0].CloseAsync();
        for (var tries = 1; (await pages[^1].ReloadAsync())!.Status == 409; tries++)
        {
            // The one that was closed takes its leave meanwhile.
            Assert.True(tries < 100, "The page that was closed counts for ever.");
            await Task.Delay(300);
        }

        await pages[^1].Part("empty").WaitForAsync();
    }

    /// <summary>An administrator signs in with more than a password: set up once, asked for from then on.</summary>
    private static async Task FirstSecondFactorAsync(Microsoft.Playwright.IPage page, string email, string password)
    {
        await page.TypePasswordAsync(email, password);
        var key = (await page.Part("authenticator-key").InnerTextAsync()).Replace(" ", string.Empty, StringComparison.Ordinal);
        await page.PictureAsync("second-factor-1440");
        await page.Part("second-factor-code").FillAsync("000000");
        await page.Part("second-factor-submit").ClickAsync();
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("not right");
        var used = Totp.Now(key);
        await page.Part("second-factor-code").FillAsync(used);
        await page.Part("second-factor-submit").ClickAsync();
        await Expect(page.Part("recovery-codes").Locator("li")).ToHaveCountAsync(10);
        var recovery = await page.Part("recovery-codes").Locator("li").First.InnerTextAsync();
        await page.Part("recovery-continue").ClickAsync();
        await page.Part("folder-inbox").WaitForAsync();

        await page.SignOutAsync();
        await page.TypePasswordAsync(email, password);
        await page.Part("confirm-code").FillAsync(used);
        await page.Part("confirm-submit").ClickAsync();
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("used before");
        await page.Part("confirm-code").FillAsync(recovery);
        await page.Part("confirm-submit").ClickAsync();
        await page.Part("folder-inbox").WaitForAsync();
    }

    private static async Task FillAsync(Microsoft.Playwright.IPage page, string code, string email, string password)
    {
        await page.Part("set-up-code").FillAsync(code);
        await page.Part("set-up-organisation").FillAsync("City Clinic");
        await page.Part("set-up-domain").FillAsync("clinic.test");
        await page.Part("set-up-name").FillAsync("Ada Abel");
        await page.Part("set-up-email").FillAsync(email);
        await page.Part("set-up-password").FillAsync(password);
        await page.Part("set-up-submit").ClickAsync();
    }
}
