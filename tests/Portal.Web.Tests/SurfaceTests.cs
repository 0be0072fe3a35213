using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;
using Portal.Testing;
using Portal.Web.Compose;
using Portal.Web.Inbox;
using Portal.Web.Shell;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>What a stranger meets at every address, and what each of our people meets at another's.</summary>
public sealed partial class SurfaceTests(Browser browser, JourneyPortal portal) : IDisposable
{
    private static readonly string[] ForAnybody =
    [
        "/sign-in", "/sign-in/confirm", "/sign-in/second-factor", "/forgotten", "/join", "/set-up", "/preparing", "/leave", "/not-found", "/error/{Code:int}",
        "/read", "/read/{Id:guid}", "/read/{Id:guid}/answer", "/read/write", "/read/drafts/{Draft:guid}", "/read/mailbox", "/read/error/{Code:int}", "/check", "/files/{name}",
    ];

    private readonly SocketsHttpHandler _handler = new() { UseCookies = false, AllowAutoRedirect = false };

    public static TheoryData<string> Addresses =>
    [
        "/", "/sign-in", "/mail/inbox", "/compose", "/account/mail", "/demo/outside", "/open/x", "/read", "/check", "/file/x", "/files/x", "/brand/00000000-0000-0000-0000-000000000001/logo", "/leave?to=https%3A%2F%2Fexample.org", "/leave?to=javascript%3Aalert(1)",
        "/messages/00000000-0000-0000-0000-000000000001/body", "/messages/00000000-0000-0000-0000-000000000001/source", "/health/live", "/health/ready",
        "/no/such/page", "/error/500", "/css/base.css", "/_framework/blazor.web.js",
    ];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Every_answer_carries_the_security_headers(string address)
    {
        using var answer = await GetAsync(address);
        var headers = answer.Headers.ToDictionary(header => header.Key, header => string.Join(' ', header.Value), StringComparer.OrdinalIgnoreCase);
        Assert.Equal("nosniff", headers["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", headers["Referrer-Policy"]);
        Assert.Equal("same-origin", headers["Cross-Origin-Opener-Policy"]);
        Assert.Contains("camera=()", headers["Permissions-Policy"], StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'unsafe-inline'", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("Server", headers.Keys);
    }

    [Fact]
    public void Every_page_asks_who_one_is_unless_it_is_listed_here()
    {
        var pages = typeof(LocalUrl).Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes<RouteAttribute>().Select(route => (type, route.Template)))
            .ToList();
        Assert.Equal(ForAnybody.Order(), pages.Where(page => page.type.GetCustomAttribute<AllowAnonymousAttribute>() is not null).Select(page => page.Template).Order());
        Assert.All(
            pages.Where(page => !ForAnybody.Contains(page.Template)),
            page => Assert.NotEmpty(page.type.GetCustomAttributes<AuthorizeAttribute>()));
    }

    [Fact]
    public async Task Another_persons_mail_is_not_there_on_any_route()
    {
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.Part("message-row").Filter(new() { HasText = "Lab results" }).ClickAsync();
        await alice.Part("attachment").WaitForAsync();
        var message = MessageId().Match(alice.Url).Value;
        await JourneyTests.WriteAsync(alice, "bob@example.test", "Mine", "Mine");
        await Expect(alice.Part("saved")).ToContainTextAsync("Saved");
        var draft = MessageId().Match(alice.Url).Value;
        string[] routes = [$"/messages/{message}/body", $"/messages/{message}/source", $"/messages/{message}/attachments/0"];

        var bob = await JourneyTests.SignedInAsync(browser, portal, "bob@example.test");
        foreach (var route in routes)
        {
            using var hers = await GetAsync(route, await CookiesAsync(alice));
            using var his = await GetAsync(route, await CookiesAsync(bob));
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (hers.StatusCode, his.StatusCode));
        }

        await GoneAsync(bob, $"/mail/inbox/{message}");
        await bob.GetByText("There is no such message").WaitForAsync();
        await GoneAsync(bob, $"/compose/{draft}");
        await bob.GetByText("This draft is not here any more").WaitForAsync();
    }

    [Fact]
    public void Every_page_with_an_id_in_its_address_says_whether_that_is_there()
    {
        var named = typeof(LocalUrl).Assembly.GetTypes()
            .Where(type => type.GetCustomAttributes<RouteAttribute>().Any(route => route.Template.Contains(":guid", StringComparison.Ordinal)))
            .Where(type => type.GetCustomAttribute<AllowAnonymousAttribute>() is null)
            .ToList();
        Assert.NotEmpty(named);
        Assert.All(named, page => Assert.NotNull(page.GetCustomAttribute<AboutAttribute>()));
    }

    [Theory]
    [InlineData("/mail/nonsense")]
    [InlineData("/error/200")]
    [InlineData("/no/such/page")]
    public async Task What_is_nowhere_is_404(string address) =>
        await GoneAsync(await JourneyTests.SignedInAsync(browser, portal, "alice@example.test"), address);

    private static async Task GoneAsync(IPage page, string address) =>
        Assert.Equal((address, 404), (address, (await page.GotoAsync(address))!.Status));

    /// <summary>A new endpoint belongs here, and into the test below when it takes an id.</summary>
    [Fact]
    public void These_are_the_endpoints()
    {
        string[] known =
        [
            "/account/certificates/keys", "/account/certificates/{id:guid}/file", "/account/passkeys", "/account/passkeys/options", "/account/still-here", "/attachments/{index:int}", "/body", "/brand/{id:guid}/logo", "/certificates", "/demo/outside/{name}",
            "/drafts/{id:guid}/attachments", "/drafts/{id:guid}/attachments/{file:guid}", "/file/{key}", "/files/{name}/content", "/join/{token}", "/live", "/open/{token}", "/organisation/authorities/{id:guid}/request", "/organisation/certificates/lists/{id:guid}/outcomes",
            "/organisation/certificates/requests", "/organisation/certificates/requests/{id:guid}", "/organisation/certificates/{id:guid}/file", "/pki/{**other}", "/pki/{authority:guid}.cer",
            "/pki/{authority:guid}/ocsp", "/pki/{authority:guid}/ocsp/{**request}", "/pki/{authority:guid}/{partition:int:min(0)}.crl", "/policies/lists/export", "/read/certificate", "/read/drafts", "/read/drafts/{id:guid}/files", "/read/drafts/{id:guid}/files/{file:guid}", "/read/export", "/read/leave", "/read/passkey", "/read/passkey/options", "/read/passkeys", "/read/passkeys/options", "/read/{id:guid}/attachments/{index:int}", "/read/{id:guid}/body", "/read/{id:guid}/message", "/read/{id:guid}/original", "/ready", "/sign-in/passkey", "/sign-in/passkey/options", "/sign-out", "/source",
        ];
        var web = Path.Combine(AppContext.BaseDirectory, "../../../../../src/Portal.Web");
        var found = Directory.EnumerateFiles(web, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Endpoint().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));
        Assert.Equal(known, found.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Ids_of_another_organisation_lead_nowhere_on_any_route()
    {
        var mallory = await StrangerAsync();
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.Part("message-row").Filter(new() { HasText = "Lab results" }).ClickAsync();
        await alice.Part("attachment").WaitForAsync();
        var message = MessageId().Match(alice.Url).Value;
        await JourneyTests.WriteAsync(alice, "bob@example.test", "Mine", "Mine");
        await Expect(alice.Part("saved")).ToContainTextAsync("Saved");
        var draft = MessageId().Match(alice.Url).Value;
        var account = (Guid)(await portal.Database.AskAsync("select id from accounts where normalised_email = 'alice@example.test'"))!;

        await alice.GotoAsync("/policies/rules/new");
        await alice.Part("rule-name").FillAsync("Hers");
        await alice.Part("rule-tag").FillAsync($"[{Guid.NewGuid():N}]"[..30]);
        await alice.Part("rule-save").ClickAsync();
        await alice.Part("rule").Filter(new() { HasText = "Hers" }).First.GetByRole(AriaRole.Link).ClickAsync();
        await alice.Part("rule-remove").WaitForAsync();
        var rule = MessageId().Match(alice.Url).Value;

        var cookies = await CookiesAsync(mallory);
        foreach (var route in new[] { $"/messages/{message}/body", $"/messages/{message}/source", $"/messages/{message}/attachments/0" })
        {
            using var answer = await GetAsync(route, cookies);
            Assert.Equal((route, HttpStatusCode.NotFound), (route, answer.StatusCode));
        }

        using var upload = await UploadAsync(mallory, draft, cookies);
        Assert.Equal(HttpStatusCode.NotFound, upload.StatusCode);
        await GoneAsync(mallory, $"/mail/inbox/{message}");
        await mallory.GetByText("There is no such message").WaitForAsync();
        await GoneAsync(mallory, $"/compose/{draft}");
        await mallory.GetByText("This draft is not here any more").WaitForAsync();
        await GoneAsync(mallory, $"/people/{account}");
        await mallory.GetByText("There is no such person here").WaitForAsync();
        var domain = (Guid)(await portal.Database.AskAsync("select id from organisation_domains where name = 'example.test'"))!;
        await GoneAsync(mallory, $"/organisation/domains/{domain}");
        await mallory.Part("no-such-domain").WaitForAsync();
        await mallory.GotoAsync("/organisation/domains");
        await Expect(mallory.Part("domain")).ToHaveCountAsync(1);
        var key = (Guid)(await portal.Database.AskAsync($"select id from managed_keys where owner_id = '{account}' limit 1"))!;
        var certificate = (Guid)(await portal.Database.AskAsync($"select id from certificates where owner_id = '{account}' limit 1"))!;
        await GoneAsync(mallory, $"/organisation/certificates/{certificate}");
        await mallory.Part("no-such-certificate").WaitForAsync();
        await GoneAsync(mallory, $"/organisation/certificates/{certificate}/file");
        await GoneAsync(mallory, $"/account/certificates/{certificate}/file");
        await GoneAsync(mallory, $"/organisation/keys/{key}");
        await mallory.Part("no-such-key").WaitForAsync();
        await mallory.GotoAsync("/people");
        await Expect(mallory.Part("person")).ToHaveCountAsync(1);
        await GoneAsync(mallory, $"/policies/rules/{rule}");
        await mallory.GetByText("There is no such rule").WaitForAsync();
        await mallory.GotoAsync("/policies");
        await mallory.Part("rules-empty").WaitForAsync();
        await mallory.GotoAsync("/policies/lists");
        await mallory.Part("list-empty").WaitForAsync();
    }

    /// <summary>An administrator of another organisation in the same database.</summary>
    private async Task<Microsoft.Playwright.IPage> StrangerAsync()
    {
        await Cli.RunAsync(portal.Settings, "organisation", "add", "Rival", "rival.test");
        await Cli.RunAsync(portal.Settings, "policy", "--second-factor", "Nobody", "--domain", "rival.test");
        var link = await Cli.RunAsync(
            portal.Settings, "user", "add", "mallory@rival.test", "--name", "Mallory", "--role", "User", "--role", "Administrator", "--domain", "rival.test");
        var page = await browser.OpenAsync(portal.Process.Address);
        await page.GotoAsync(Join().Match(link).Value);
        await page.Part("join-password").FillAsync(JourneyPortal.Password);
        await page.Part("join-again").FillAsync(JourneyPortal.Password);
        await page.Part("join-submit").ClickAsync();
        await page.Part("sign-in-email").WaitForAsync();
        await page.SignInAsync("mallory@rival.test", JourneyPortal.Password);
        return page;
    }

    private async Task<HttpResponseMessage> UploadAsync(Microsoft.Playwright.IPage page, string draft, string cookies)
    {
        var token = await page.Locator("meta[name=portal-form]").GetAttributeAsync("content");
        using var client = new HttpMessageInvoker(_handler, disposeHandler: false);
        using var request = Upload.Announce(new Uri(portal.Process.Address, $"/drafts/{draft}/attachments"), "a.bin", 3);
        request.Headers.Add("Cookie", cookies);
        request.Headers.Add("X-Portal-Form", token);
        return await client.SendAsync(request, CancellationToken.None);
    }

    [Fact]
    public async Task A_body_may_neither_run_nor_load_nor_send_anything()
    {
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await alice.Part("message-row").Filter(new() { HasText = "November: what is new" }).ClickAsync();
        await alice.Part("remote-blocked").WaitForAsync();
        using var answer = await GetAsync($"/messages/{MessageId().Match(alice.Url).Value}/body", await CookiesAsync(alice));
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("sandbox allow-popups allow-popups-to-escape-sandbox", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-scripts", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("supplies.test/", html.Replace("%2F", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("allow-popups allow-popups-to-escape-sandbox", await alice.Locator("iframe").GetAttributeAsync("sandbox"));
    }

    /// <summary>Many at once, one kind beside the other, so that both meet the same load.</summary>
    [Fact]
    public async Task Wrong_and_unknown_sign_ins_are_one_answer_after_one_time()
    {
        using var form = await GetAsync("/sign-in");
        var cookie = string.Join("; ", form.Headers.GetValues("Set-Cookie").Select(one => one.Split(';')[0]));
        var token = Token().Match(await form.Content.ReadAsStringAsync()).Groups[1].Value;
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number =>
            RefusedAsync(number % 2 == 0 ? "bob@example.test" : $"{Guid.NewGuid():N}@example.test", token, cookie)));
        Assert.Single(answers.Select(one => one.Words).Distinct());
        var (wrong, unknown) = (Median(answers.Where((_, number) => number % 2 == 0)), Median(answers.Where((_, number) => number % 2 == 1)));
        Assert.True(wrong < 2 * unknown && unknown < 2 * wrong, $"A known address is refused after {wrong}, an unknown one after {unknown} ms.");
        await portal.Database.AskAsync("update accounts set locked_until = null, failed_sign_ins = 0 where normalised_email = 'bob@example.test'");
    }

    private static double Median(IEnumerable<(string Words, double Took)> answers) => answers.Select(one => one.Took).Order().ElementAt(4);

    [Theory]
    [InlineData("/mail/sent", true)]
    [InlineData("//elsewhere.test", false)]
    [InlineData("/\\elsewhere.test", false)]
    [InlineData("https://elsewhere.test", false)]
    [InlineData("/mail\t/x", false)]
    [InlineData("", false)]
    public void One_returns_to_our_own_pages_only(string url, bool kept) =>
        Assert.Equal(kept ? url : LocalUrl.Home, LocalUrl.OrHome(url));

    [Fact]
    public void Every_outcome_of_the_engine_has_its_words()
    {
        Assert.Empty(Enum.GetNames<SignerReason>().Concat(Enum.GetNames<MessageReason>()).Except(VerdictWords.Reasons.Keys));
        Assert.Empty(Enum.GetNames<OpeningFailureKind>().Except(VerdictWords.Failures.Keys));

        // Those of which a reason says it all need no words of their own.
        Assert.Equal(
            ["Expired", "NotYetValid", "RevocationUnknown", "UnknownAuthority", "WeakAlgorithm", "WrongUsage"],
            Enum.GetNames<PathFailure>().Except(VerdictWords.PathFailures.Keys).Order(StringComparer.Ordinal));
        Assert.All(Enum.GetValues<Application.Compose.SendProblem>(), problem => Assert.NotEmpty(OutcomeWords.Of(problem)));
    }

    public void Dispose() => _handler.Dispose();

    private async Task<HttpResponseMessage> GetAsync(string address, string? cookies = null)
    {
        using var client = new HttpMessageInvoker(_handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(portal.Process.Address, address));
        if (cookies is not null)
        {
            request.Headers.Add("Cookie", cookies);
        }

        return await client.SendAsync(request, CancellationToken.None);
    }

    private async Task<(string Words, double Took)> RefusedAsync(string address, string token, string cookie)
    {
        using var client = new HttpMessageInvoker(_handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(portal.Process.Address, "/sign-in"));
        request.Headers.Add("Cookie", cookie);
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = token,
            ["Form.Email"] = address,
            ["Form.Password"] = "not the password",
        });
        var began = TimeProvider.System.GetTimestamp();
        using var answer = await client.SendAsync(request, CancellationToken.None);
        var took = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
        return (Alert().Match(await answer.Content.ReadAsStringAsync()).Value, took);
    }

    private static async Task<string> CookiesAsync(Microsoft.Playwright.IPage page) =>
        string.Join("; ", (await page.Context.CookiesAsync()).Select(cookie => $"{cookie.Name}={cookie.Value}"));

    [GeneratedRegex("Map(?:Get|Post|Put|Patch|Delete|Methods)\\(\"([^\"]+)\"")]
    private static partial Regex Endpoint();

    [GeneratedRegex("/join/[A-Za-z0-9_-]+")]
    private static partial Regex Join();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("role=\"alert\">[^<]+<")]
    private static partial Regex Alert();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex MessageId();
}
