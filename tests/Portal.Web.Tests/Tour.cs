using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <param name="Route">As the page names it; a new page is missing here until somebody looks at it.</param>
/// <param name="Address">Where it is seen.</param>
/// <param name="Prepare">What is done there before one looks; ends when there is something to see.</param>
public sealed record View(string Route, string Address, Func<IPage, Task> Prepare)
{
    public override string ToString() => Address;
}

/// <summary>Every page of the portal: empty, filled, and where something went wrong.</summary>
internal static class Tour
{
    private static readonly Guid Nobody = Guid.Parse("00000000-0000-0000-0000-000000000001");

    /// <summary>Without an account.</summary>
    public static IReadOnlyList<View> OfAStranger(string invitation) =>
    [
        new("/sign-in", "/sign-in", page => page.Part("sign-in-email").WaitForAsync()),
        new("/sign-in", "/sign-in?left=true", RefusedAsync),
        new("/sign-in/confirm", "/sign-in/confirm", HeadingAsync),
        new("/sign-in/second-factor", "/sign-in/second-factor", HeadingAsync),
        new("/forgotten", "/forgotten", HeadingAsync),
        new("/join", invitation, page => page.Part("join-password").WaitForAsync()),
        new("/join", "/join", HeadingAsync),
        new("/read", "/read", page => page.Part("link-unknown").WaitForAsync()),
        new("/read", "/read?left=true", page => page.Part("reader-left").WaitForAsync()),
        new("/read/{Id:guid}", $"/read/{Nobody}", page => page.Part("link-unknown").WaitForAsync()),
        new("/read", "/read?left=lapsed", page => page.Part("reader-left").WaitForAsync()),
        new("/read", "/read?left=away", page => page.Part("reader-left").WaitForAsync()),
        new("/read/{Id:guid}/answer", $"/read/{Nobody}/answer", page => page.Part("link-unknown").WaitForAsync()),
        new("/read/write", "/read/write", page => page.Part("link-unknown").WaitForAsync()),
        new("/read/drafts/{Draft:guid}", $"/read/drafts/{Nobody}", page => page.Part("link-unknown").WaitForAsync()),
        new("/files/{name}", "/files/unknown", page => page.Part("file-unknown").WaitForAsync()),
        new("/read/mailbox", "/read/mailbox", page => page.Part("link-unknown").WaitForAsync()),
        new("/check", "/check", async page =>
        {
            await page.Part("check-pasted").FillAsync("https://mail.example.test.evil.test/open/x");
            await page.Part("check").ClickAsync();
            await page.Part("check-forged").WaitForAsync();
        }),
        new("/leave", "/leave?to=https%3A%2F%2Fshop.supplies.test%2Fsets", page => page.Part("leave-go").WaitForAsync()),
        new("/leave", "/leave?to=javascript%3Ax", HeadingAsync),
        new("/error/{Code:int}", "/error/500", HeadingAsync),
        new("/read/error/{Code:int}", "/read/no/such/page", HeadingAsync),
        new("/not-found", "/no/such/page", HeadingAsync),
    ];

    /// <summary>Before there is anybody.</summary>
    public static IReadOnlyList<View> OfTheFirst { get; } =
    [
        new("/set-up", "/set-up", async page =>
        {
            foreach (var (field, words) in new[] { ("code", "wrong"), ("organisation", "Clinic"), ("domain", "example.org"), ("name", "Ada"), ("email", "ada@example.org"), ("password", "correct horse battery") })
            {
                await page.Part($"set-up-{field}").FillAsync(words);
            }

            await page.Part("set-up-submit").ClickAsync();
            await page.GetByRole(AriaRole.Alert).WaitForAsync();
        }),
    ];

    /// <summary>A user who administers too.</summary>
    public static IReadOnlyList<View> OfAlice { get; } =
    [
        new("/", "/", RowsAsync),
        new("/mail/{FolderName}", "/mail/inbox", MenuAsync),
        new("/mail/{FolderName}", "/mail/inbox", ToastAsync),
        new("/mail/{FolderName}", "/mail/junk", page => page.Part("empty").WaitForAsync()),
        new("/mail/{FolderName}", "/mail/inbox", ShortcutsAsync),
        new("/mail/{FolderName}/{MessageId:guid}", "/mail/inbox", page => OpenAsync(page, "Lab results")),
        new("/mail/{FolderName}/{MessageId:guid}", "/mail/inbox", page => OpenAsync(page, "Invoice")),
        new("/mail/{FolderName}/{MessageId:guid}", "/mail/inbox", page => OpenAsync(page, "November: what is new")),
        new("/mail/{FolderName}/{MessageId:guid}", "/mail/sent", page => OpenAsync(page, "Key to the archive")),
        new("/mail/{FolderName}/{MessageId:guid}", $"/mail/inbox/{Nobody}", page => page.Locator(".pane h1").WaitForAsync()),
        new("/mail/drafts", "/mail/drafts", HeadingAsync),
        new("/compose", "/compose", ComposeAsync),
        new("/compose/{DraftId:guid}", "/compose", FormattedAsync),
        new("/compose/{DraftId:guid}", $"/compose/{Nobody}", HeadingAsync),
        new("/compose/{DraftId:guid}", "/compose", LaterAsync),
        new("/account", "/account", page => page.Part("session").First.WaitForAsync()),
        new("/account/certificates", "/account/certificates", page => page.Part("own-current").WaitForAsync()),
        new("/contacts", "/contacts", async page =>
        {
            await page.Part("contact-address").FillAsync("carol@outside.test");
            await page.Part("contact-find").ClickAsync();
            await page.Part("contact-certificate").First.WaitForAsync();
        }),
        new("/organisation/certificates/issue", "/organisation/certificates/issue", page => page.Part("outside-address").WaitForAsync()),
        new("/organisation/certificates/lists/{Id:guid}", "/organisation/certificates/issue", async page =>
        {
            await page.Part("issue-addresses").FillAsync("alice@example.test\nnobody@example.test");
            await page.Part("issue-start").ClickAsync();
            await page.Part("issuance-lines").WaitForAsync();
        }),
        new("/organisation/certificates/lists/{Id:guid}", $"/organisation/certificates/lists/{Nobody}", HeadingAsync),
        new("/organisation/authorities", "/organisation/authorities", page => page.Part("own-authority").First.WaitForAsync()),
        new("/organisation/directories", "/organisation/directories", page => page.Part("directory-host").WaitForAsync()),
        new("/account/lists", "/account/lists", ListAsync),
        new("/account/mail", "/account/mail", page => page.Part("imap-host").WaitForAsync()),
        new("/demo/outside", "/demo/outside", HeadingAsync),
        new("/people", "/people", page => page.Part("person").First.WaitForAsync()),
        new("/people/{Id:guid}", "/people", async page =>
        {
            await page.Part("person").Filter(new() { HasText = "bob@" }).ClickAsync();
            await page.Part("roles-save").WaitForAsync();
        }),
        new("/people/{Id:guid}", $"/people/{Nobody}", HeadingAsync),
        new("/people/invite", "/people/invite", HeadingAsync),
        new("/organisation", "/organisation", page => page.Part("figure-people").WaitForAsync()),
        new("/organisation/branding", "/organisation/branding", page => page.Part("preview-notice").WaitForAsync()),
        new("/organisation/domains", "/organisation/domains", page => page.Part("domain").First.WaitForAsync()),
        new("/organisation/domains/{Id:guid}", "/organisation/domains", async page =>
        {
            await page.Part("domain").First.ClickAsync();
            await page.Part("domain-state").WaitForAsync();
        }),
        new("/organisation/domains/{Id:guid}", $"/organisation/domains/{Nobody}", page => page.Part("no-such-domain").WaitForAsync()),
        new("/organisation/certificates", "/organisation/certificates", page => page.Part("certificate").First.WaitForAsync()),
        new("/organisation/certificates/{Id:guid}", "/organisation/certificates", async page =>
        {
            await page.Locator("[data-testid=certificate][data-kind=Signing]").First.ClickAsync();
            await page.Part("certificate-condition").WaitForAsync();
        }),
        new("/organisation/certificates/{Id:guid}", $"/organisation/certificates/{Nobody}", page => page.Part("no-such-certificate").WaitForAsync()),
        new("/organisation/certificates/import", "/organisation/certificates/import", page => page.Part("import-address").WaitForAsync()),
        new("/organisation/trust", "/organisation/trust", page => page.Part("authority-file").WaitForAsync(new() { State = WaitForSelectorState.Attached })),
        new("/organisation/trust/{Id:guid}", "/organisation/trust", async page =>
        {
            await page.Part("authority").First.ClickAsync();
            await page.Part("authority-standing").WaitForAsync();
        }),
        new("/organisation/trust/{Id:guid}", $"/organisation/trust/{Nobody}", page => page.Part("no-such-authority").WaitForAsync()),
        new("/organisation/keys", "/organisation/keys", async page =>
        {
            await page.Part("key").First.WaitForAsync();
            await page.Locator("[data-testid=store-state].good").First.WaitForAsync();
        }),
        new("/organisation/keys/{Id:guid}", "/organisation/keys", async page =>
        {
            await page.Locator("[data-testid=key][data-purpose=OpenMessage]").First.ClickAsync();
            await page.Part("key-standing").WaitForAsync();
        }),
        new("/organisation/keys/{Id:guid}", $"/organisation/keys/{Nobody}", page => page.Part("no-such-key").WaitForAsync()),
        new("/policies", "/policies", page => page.Part("rule-add").WaitForAsync()),
        new("/policies/rules/new", "/policies/rules/new", page => page.Part("rule-sentence").WaitForAsync()),
        new("/policies/rules/{Id:guid}", $"/policies/rules/{Nobody}", HeadingAsync),
        new("/policies/lists", "/policies/lists", ListAsync),
        new("/policies/try", "/policies/try", async page =>
        {
            await page.Part("try-recipients").FillAsync("bob@example.test, nobody@example.test");
            await page.Part("try-outgoing").ClickAsync();
            await page.Part("try-recipient").First.WaitForAsync();
        }),
    ];

    public static IEnumerable<string> Routes => typeof(Shell.Theme).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes<RouteAttribute>(inherit: false))
        .Select(route => route.Template);

    public static async Task SeeAsync(this IPage page, View view)
    {
        await page.GotoAsync(view.Address);
        await view.Prepare(page);
    }

    private static Task HeadingAsync(IPage page) => page.Locator("h1").First.WaitForAsync();

    // Other journeys may have added to it.
    private static Task ListAsync(IPage page) => page.Part("list-empty").Or(page.Part("list-entry").First).WaitForAsync();

    private static Task RowsAsync(IPage page) => page.Part("message-row").First.WaitForAsync();

    private static async Task RefusedAsync(IPage page)
    {
        await page.Part("sign-in-email").FillAsync("nobody@example.test");
        await page.Part("sign-in-password").FillAsync("not the password");
        await page.Part("sign-in-submit").ClickAsync();
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
    }

    private static async Task OpenAsync(IPage page, string subject)
    {
        await page.Part("message-row").Filter(new() { HasText = subject }).First.ClickAsync();
        await page.Part("verdict").WaitForAsync();
        await page.Part("verdict").Locator("summary").First.ClickAsync();
        await page.Part("steps").Locator("summary").ClickAsync();
        await page.Part("step").First.WaitForAsync();
        Assert.True(await page.Part("steps").EvaluateAsync<bool>("steps => steps.scrollHeight <= steps.clientHeight"), "The steps lie over what follows.");
        await page.Part("message-body").ContentFrame.Locator("body").WaitForAsync();
    }

    private static async Task MenuAsync(IPage page)
    {
        await RowsAsync(page);
        await page.Part("account-menu").ClickAsync();
        await page.Part("sign-out").WaitForAsync();
    }

    private static async Task ShortcutsAsync(IPage page)
    {
        await RowsAsync(page);
        await page.Keyboard.PressAsync("?");
        await Expect(page.Part("shortcuts")).ToBeVisibleAsync();
    }

    /// <summary>There and back again.</summary>
    private static async Task ToastAsync(IPage page)
    {
        await page.Part("message-row").Filter(new() { HasText = "Fire drill" }).ClickAsync();
        await page.Part("archive").ClickAsync();
        await page.Part("undo").ClickAsync();
        await page.Part("message-row").Filter(new() { HasText = "Fire drill" }).WaitForAsync();
    }

    private static async Task ComposeAsync(IPage page)
    {
        await page.Part("compose-copies").ClickAsync();
        await page.Part("compose-to").FillAsync("bob@example.test, nobody@outside.test, nonsense");
        await page.Part("compose-attach").SetInputFilesAsync(new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = new byte[20_000] });
        await page.Part("compose-attachment").WaitForAsync();
        await Expect(page.Part("recipient-outcome")).ToHaveCountAsync(3);
        await page.Part("compose-send").ClickAsync();
        await page.Part("compose-problem").WaitForAsync();
    }

    private static async Task LaterAsync(IPage page)
    {
        await page.Part("send-later").ClickAsync();
        await page.Part("send-later-at").WaitForAsync();
    }

    private static async Task FormattedAsync(IPage page)
    {
        await page.Part("compose-format").ClickAsync();
        await page.Locator("[contenteditable]").WaitForAsync();
        await page.Part("compose-to").FillAsync("bob@example.test, nobody@example.test");
        await page.Part("compose-subject").FillAsync("Choose");
        await Expect(page.Part("recipient-outcome")).ToHaveCountAsync(2);
        await page.Part("compose-send").ClickAsync();
        await page.Part("compose-choice").WaitForAsync();
    }
}
