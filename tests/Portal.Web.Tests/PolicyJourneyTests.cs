using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>An administrator's rules and lists, and what senders and readers see of them. Rules hold for a tag of their own.</summary>
public sealed partial class PolicyJourneyTests(Browser browser, JourneyPortal portal)
{
    private readonly string _tag = $"[{Guid.NewGuid().ToString("N")[..10]}]";
    private readonly string _domain = $"d{Guid.NewGuid():N}"[..14] + ".test";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rule_is_made_asks_its_sender_and_is_taken_away(bool phone)
    {
        var device = phone ? "390" : "1440";
        var alice = await SignedInAsync("alice@example.test", phone);
        await alice.GotoAsync("/policies/rules/new");
        await alice.Part("rule-name").FillAsync($"Ask {_tag}");
        await alice.Part("rule-recipients").SelectOptionAsync("DomainAndBelow");
        await alice.Part("rule-domain").FillAsync("example");
        await alice.Part("rule-tag").FillAsync(_tag);
        await alice.Part("rule-action-Warn").CheckAsync();
        await alice.Part("rule-reads").FillAsync("Has the management agreed?");
        await Expect(alice.Part("rule-sentence")).ToContainTextAsync($"Mail to example and below with “{_tag}” in the subject is sent only after its sender has confirmed.");
        await PictureAsync(alice, $"rule-form-{device}");
        await alice.Part("rule-save").ClickAsync();
        await Expect(alice.Part("rule-problem")).ToContainTextAsync("not a domain");
        await alice.Part("rule-domain").FillAsync("example.test");
        await alice.Part("rule-save").ClickAsync();
        var rule = alice.Part("rule").Filter(new() { HasText = _tag });
        await Expect(rule).ToContainTextAsync("Mail to example.test and below");
        await PictureAsync(alice, $"rules-{device}");

        await JourneyTests.WriteAsync(alice, "bob@example.test", $"{_tag} Figures", "Here they are.");
        await Expect(alice.Part("warning-rule")).ToContainTextAsync("Has the management agreed?");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("warning-dialog")).ToBeVisibleAsync();
        await Expect(alice.Part("warning")).ToContainTextAsync("Has the management agreed?");
        await PictureAsync(alice, $"rule-asks-{device}");
        await alice.Keyboard.PressAsync("Escape");
        await Expect(alice.Part("warning-dialog")).ToHaveCountAsync(0);
        await alice.Part("compose-send").ClickAsync();
        await alice.Part("warning-confirm").ClickAsync();
        await Expect(alice.Part("message-subject")).ToHaveTextAsync("Figures");

        await alice.GotoAsync("/policies");
        await rule.GetByTestId("rule-switch").ClickAsync();
        await Expect(rule).ToContainTextAsync("Off");
        await rule.GetByRole(AriaRole.Link).ClickAsync();
        await alice.Part("rule-remove").ClickAsync();
        await alice.Part("rule-remove").ClickAsync();
        await alice.Part("tab-rules").WaitForAsync();
        await Expect(rule).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Who_must_not_get_it_is_named_with_the_rule_and_left_out()
    {
        var alice = await SignedInAsync("alice@example.test");
        await alice.GotoAsync("/policies/rules/new");
        await alice.Part("rule-name").FillAsync($"Inside {_tag}");
        await alice.Part("rule-recipients").SelectOptionAsync("Outside");
        await alice.Part("rule-tag").FillAsync(_tag);
        await alice.Part("rule-action-Refuse").CheckAsync();
        await alice.Part("rule-reads").FillAsync("This stays inside.");
        await alice.Part("rule-save").ClickAsync();
        await alice.Part("rule").First.WaitForAsync();

        await JourneyTests.WriteAsync(alice, "bob@example.test, x@outside.test", $"Plans {_tag}", "Secret.");
        await Expect(alice.Part("recipient-outcome").Nth(1)).ToHaveAttributeAsync("data-handling", "refused-by-rule");
        await Expect(alice.Part("deciding-rule")).ToContainTextAsync("This stays inside.");
        await alice.Part("compose-send").ClickAsync();
        await Expect(alice.Part("compose-problem")).ToContainTextAsync("forbids some recipients");
        await PictureAsync(alice, "rule-refuses-1440");
        await alice.Part("choice-leave-out").ClickAsync();
        await Expect(alice.Part("delivery")).ToHaveCountAsync(1);

        // The same decision, without a message.
        await alice.GotoAsync("/policies/try");
        await alice.Part("try-recipients").FillAsync("bob@example.test, x@outside.test");
        await alice.Part("try-subject").FillAsync($"Plans {_tag}");
        await alice.Part("try-outgoing").ClickAsync();
        await Expect(alice.Part("try-recipient").Nth(0)).ToHaveAttributeAsync("data-handling", "encrypted");
        await Expect(alice.Part("try-recipient").Nth(1)).ToHaveAttributeAsync("data-handling", "refused-by-rule");
        await Expect(alice.Part("try-subject-as")).ToContainTextAsync("“Plans”");
        await alice.Part("try-header").FillAsync("no field");
        await alice.Part("try-outgoing").ClickAsync();
        await Expect(alice.Part("try-outgoing-problem")).ToContainTextAsync("Line 1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entries_are_listed_imported_and_tried(bool phone)
    {
        var device = phone ? "390" : "1440";
        var alice = await SignedInAsync("alice@example.test", phone);
        await alice.GotoAsync("/policies/lists");
        await alice.Part("list-value").FillAsync("nonsense");
        await alice.Part("list-add").ClickAsync();
        await Expect(alice.Part("list-problem")).ToContainTextAsync("no address, domain");
        var file = Path.Combine(portal.DataDirectory, $"{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(file, $"action,kind,value,note\nblock,domain,{_domain},by file\nshred,,{_domain},\n");
        await alice.Part("list-import").ChooseAsync(file);
        await Expect(alice.Part("import-outcome")).ToContainTextAsync("1 added");
        await Expect(alice.Part("import-bad")).ToHaveTextAsync("Line 3: The first column is neither allow nor block.");
        await alice.Part("list-find").FillAsync(_domain);
        await Expect(alice.Part("list-entry")).ToHaveCountAsync(1);
        await PictureAsync(alice, $"lists-{device}");

        await alice.GotoAsync("/policies/try");
        await alice.Part("try-from").FillAsync($"x@mail.{_domain}");
        await alice.Part("try-incoming").ClickAsync();
        await Expect(alice.Part("try-incoming-outcome")).ToContainTextAsync($"Goes to junk. Decided by the organisation’s list: Domain and below, {_domain}");
        await PictureAsync(alice, $"try-{device}");

        await alice.GotoAsync("/policies/lists");
        var download = await alice.RunAndWaitForDownloadAsync(() => alice.Part("list-export").ClickAsync());
        Assert.Contains(_domain, await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);
        await alice.Part("list-find").FillAsync(_domain);
        await Expect(alice.Part("list-entry")).ToHaveCountAsync(1);
        await alice.Part("list-remove").ClickAsync();
        await Expect(alice.Part("toast")).ToContainTextAsync($"{_domain} was removed.");
        await Expect(alice.Part("list-entry")).ToHaveCountAsync(0);
        await alice.Part("undo").ClickAsync();
        await Expect(alice.Part("list-entry")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_reader_blocks_a_sender_and_finds_the_next_mail_in_junk_with_the_reason()
    {
        var alice = await SignedInAsync("alice@example.test");
        var (reader, address) = await ReaderAsync();
        await SendAsync(alice, address, $"First {_tag}");
        await reader.Part("message-row").Filter(new() { HasText = _tag }).ClickAsync();
        await reader.Part("verdict").WaitForAsync();
        await reader.Locator("details.further summary").ClickAsync();
        await reader.Part("block-sender").ClickAsync();
        await Expect(reader.Part("toast")).ToContainTextAsync("alice@example.test is blocked.");
        await Expect(reader.Part("message-row").Filter(new() { HasText = _tag })).ToHaveCountAsync(0);

        await SendAsync(alice, address, $"Second {_tag}");
        await reader.Part("folder-junk").ClickAsync();
        await Expect(reader.Part("message-row").Filter(new() { HasText = $"Second {_tag}" })).ToHaveCountAsync(1);
        await Expect(reader.Part("folder-junk").Locator(".count")).ToHaveCountAsync(0);
        await reader.Part("message-row").Filter(new() { HasText = $"Second {_tag}" }).ClickAsync();
        await Expect(reader.Part("list-mark")).ToHaveTextAsync("Blocked by your list: alice@example.test");
        await reader.PictureAsync("junk-blocked-1440");
        await reader.GotoAsync("/account/lists");
        await Expect(reader.Part("list-entry")).ToContainTextAsync("alice@example.test");
        await reader.PictureAsync("own-lists-1440");

        await reader.GotoAsync("/mail/junk");
        await reader.Part("message-row").Filter(new() { HasText = $"Second {_tag}" }).ClickAsync();
        await reader.Part("not-junk").ClickAsync();
        await Expect(reader.Part("toast")).ToContainTextAsync("alice@example.test is no longer blocked");
        await reader.GotoAsync("/account/lists");
        await reader.Part("list-empty").WaitForAsync();
    }

    [Fact]
    public async Task The_pages_of_rules_speak_german_too()
    {
        var alice = await SignedInAsync("alice@example.test", phone: true, "de-DE");
        await alice.GotoAsync("/policies/rules/new");
        await alice.Part("rule-recipients").SelectOptionAsync("Outside");
        await Expect(alice.Part("rule-sentence")).ToHaveTextAsync("In Worten: Post nach außerhalb der Organisation muss verschlüsselt sein.");
        await PictureAsync(alice, "rule-form-german-390");
        await alice.GotoAsync("/policies/lists");
        await Expect(alice.GetByRole(AriaRole.Heading).First).ToHaveTextAsync("Erlaubte und gesperrte Absender der Organisation");
        await PictureAsync(alice, "lists-german-390");
    }

    private static async Task SendAsync(IPage sender, string to, string subject)
    {
        await JourneyTests.WriteAsync(sender, to, subject, "Hello.");
        await Expect(sender.Part("recipient-outcome")).ToHaveAttributeAsync("data-handling", "encrypted");
        await sender.Part("compose-send").ClickAsync();
        await Expect(sender.Part("delivery")).ToHaveAttributeAsync("data-state", "sent");
    }

    /// <summary>Somebody to whom no other journey writes.</summary>
    private async Task<(IPage Page, string Address)> ReaderAsync()
    {
        var address = $"r{Guid.NewGuid():N}@example.test";
        var said = await Cli.RunAsync(portal.Settings, "user", "add", address, "--name", "Rita Reader", "--role", "User", "--domain", "example.test");
        var page = await browser.OpenAsync(portal.Process.Address);
        await page.GotoAsync(Join().Match(said).Value);
        await page.Part("join-password").FillAsync(JourneyPortal.Password);
        await page.Part("join-again").FillAsync(JourneyPortal.Password);
        await page.Part("join-submit").ClickAsync();
        await page.Part("sign-in-email").WaitForAsync();
        await page.SignInAsync(address, JourneyPortal.Password);
        return (page, address);
    }

    [GeneratedRegex("/join/[A-Za-z0-9_-]+")]
    private static partial Regex Join();

    private async Task<IPage> SignedInAsync(string email, bool phone = false, string language = "en-US")
    {
        var page = await browser.OpenAsync(portal.Process.Address, phone, language);
        await page.SignInAsync(email, JourneyPortal.Password);
        return page;
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        await page.PictureAsync(name);
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} pixels too wide.");
    }
}
