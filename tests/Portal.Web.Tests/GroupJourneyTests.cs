using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>An address that several people read: without a script, each opens as themselves, and the sender sees who did.</summary>
public sealed class GroupJourneyTests(Browser browser, SqlitePortal portal) : IClassFixture<SqlitePortal>
{
    private readonly HashSet<string> _used = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_of_a_group_opens_as_themselves(bool phone)
    {
        var group = $"reception{(phone ? 2 : 1)}@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test", phone);
        await JourneyTests.WriteAsync(alice, group, "The findings", "All is well.");
        await alice.Part("link-options").Locator("summary").ClickAsync();
        await alice.Part("link-group").CheckAsync();
        await alice.Part("link-group").ScrollIntoViewIfNeededAsync();
        await PictureAsync(alice, "group-compose", phone);
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");

        foreach (var name in (string[])["anna", "ben"])
        {
            var address = $"{name}{(phone ? 2 : 1)}@stranger.test";
            var reader = await browser.OpenAsync(portal.Process.Address, phone, scripts: false);
            await reader.GotoAsync(await portal.MailedAsync(group, Mailed.Link()));
            await Expect(reader.Part("link-shared")).ToBeVisibleAsync();
            await PictureAsync(reader, "group-landing", phone);
            await ProveAsync(reader, group);
            await reader.Part("who-address").FillAsync(group);
            await reader.Part("who-go").ClickAsync();
            await Expect(reader.Part("who-problem")).ToContainTextAsync(group);
            await reader.Part("who-address").FillAsync("somebody@elsewhere.test");
            await reader.Part("who-go").ClickAsync();
            await Expect(reader.Part("who-problem")).ToContainTextAsync("@stranger.test");
            await PictureAsync(reader, "group-who", phone);
            await reader.Part("who-address").FillAsync(address);
            await reader.Part("who-go").ClickAsync();
            await Expect(reader.Part("link-shared")).ToHaveCountAsync(0);
            await ProveAsync(reader, address);
            await Expect(reader.Part("message-subject")).ToHaveTextAsync("The findings");
            await reader.Part("reader-message-file").WaitForAsync();
        }

        await Expect(alice.Part("sent-link")).ToHaveCountAsync(3);
        await Expect(alice.Part("sent-link").Nth(0)).ToContainTextAsync("2");
        await Expect(alice.Part("sent-link").Nth(1)).ToContainTextAsync("anna");
        await alice.Part("link-history").First.Locator("summary").ClickAsync();
        await Expect(alice.Part("link-opening").First).ToContainTextAsync("code");
        await alice.Part("link-opening").First.ScrollIntoViewIfNeededAsync();
        await PictureAsync(alice, "group-sent", phone);
    }

    private async Task ProveAsync(IPage reader, string address)
    {
        await reader.Part("link-send").ClickAsync();
        string code;
        do
        {
            // The group is sent a code for each who comes: the newest may still be under way.
            code = await portal.MailedAsync(address, Mailed.Code());
        }
        while (!_used.Add(code));
        await reader.Part("link-code").FillAsync(code);
        await reader.Part("link-enter").ClickAsync();
    }

    private Task PictureAsync(IPage page, string name, bool phone) => browser.LookAsync(page, name, phone);
}
