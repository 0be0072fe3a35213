using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using Portal.Application;
using Portal.Web.Accounts;
using Portal.Web.Shell;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Every role at every page and every endpoint that asks who one is.</summary>
public sealed partial class RoleMatrixTests(Browser browser, JourneyPortal portal) : IDisposable
{
    private const string Address = "matrix@example.test";

    /// <summary>What each page needs beside a session; a new page belongs here.</summary>
    private static readonly Dictionary<string, Permission?> Pages = new()
    {
        ["/"] = null,
        ["/account"] = null,
        ["/account/certificates"] = Permission.UseMail,
        ["/contacts"] = Permission.UseMail,
        ["/organisation/authorities"] = Permission.ManageCertificates,
        ["/organisation/directories"] = Permission.ManageCertificates,
        ["/account/lists"] = Permission.UseMail,
        ["/account/mail"] = Permission.UseMail,
        ["/compose"] = Permission.UseMail,
        ["/compose/{DraftId:guid}"] = Permission.UseMail,
        ["/demo/outside"] = null,
        ["/mail/drafts"] = Permission.UseMail,
        ["/mail/{FolderName}"] = Permission.UseMail,
        ["/mail/{FolderName}/{MessageId:guid}"] = Permission.UseMail,
        ["/organisation"] = Permission.ManageOrganisation,
        ["/organisation/branding"] = Permission.ManageOrganisation,
        ["/organisation/domains"] = Permission.ManageOrganisation,
        ["/organisation/domains/{Id:guid}"] = Permission.ManageOrganisation,
        ["/organisation/certificates"] = Permission.ManageCertificates,
        ["/organisation/certificates/issue"] = Permission.ManageCertificates,
        ["/organisation/certificates/lists/{Id:guid}"] = Permission.ManageCertificates,
        ["/organisation/certificates/import"] = Permission.ManageCertificates,
        ["/organisation/certificates/{Id:guid}"] = Permission.ManageCertificates,
        ["/organisation/trust"] = Permission.ManageCertificates,
        ["/organisation/trust/{Id:guid}"] = Permission.ManageCertificates,
        ["/organisation/keys"] = Permission.ManageCertificates,
        ["/organisation/keys/{Id:guid}"] = Permission.ManageCertificates,
        ["/people"] = Permission.ManagePeople,
        ["/people/invite"] = Permission.ManagePeople,
        ["/people/{Id:guid}"] = Permission.ManagePeople,
        ["/policies"] = Permission.ManagePolicies,
        ["/policies/lists"] = Permission.ManagePolicies,
        ["/policies/rules/new"] = Permission.ManagePolicies,
        ["/policies/rules/{Id:guid}"] = Permission.ManagePolicies,
        ["/policies/try"] = Permission.ManagePolicies,
    };

    /// <summary>Method, address and what each needs beside a session; a new endpoint belongs here.</summary>
    private static readonly (string Method, string Address, Permission? Needs)[] Endpoints =
    [
        ("GET", "/account/still-here", null),
        ("POST", "/account/passkeys", null),
        ("POST", "/account/passkeys/options", null),
        ("GET", "/demo/outside/{name}", null),
        ("POST", "/drafts/{id:guid}/attachments", Permission.UseMail),
        ("GET", "/drafts/{id:guid}/attachments/{file:guid}", Permission.UseMail),
        ("PATCH", "/drafts/{id:guid}/attachments/{file:guid}", Permission.UseMail),
        ("GET", "/policies/lists/export", Permission.ManagePolicies),
        ("GET", "/messages/{id:guid}/body", Permission.UseMail),
        ("GET", "/messages/{id:guid}/source", Permission.UseMail),
        ("GET", "/messages/{id:guid}/attachments/{index:int}", Permission.UseMail),
    ];

    private readonly SocketsHttpHandler _handler = new() { UseCookies = false, AllowAutoRedirect = false };

    [Fact]
    public void Every_page_says_what_it_needs_and_this_is_it()
    {
        var found = typeof(LocalUrl).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<AllowAnonymousAttribute>() is null)
            .SelectMany(type => type.GetCustomAttributes<RouteAttribute>().Select(route => (
                route.Template,
                type.GetCustomAttributes<RequiresAttribute>().Select(one => (Permission?)one.Permission).SingleOrDefault())))
            .ToDictionary();
        Assert.Equal(Pages.OrderBy(one => one.Key, StringComparer.Ordinal), found.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_role_gets_where_its_permissions_reach_and_for_all_else_there_is_no_such_page()
    {
        await InviteAsync();
        var message = await MessageAsync();
        foreach (var role in new[] { Roles.User, Roles.Administrator, Roles.CertificateManager, Roles.Auditor })
        {
            await portal.Database.AskAsync($"update accounts set roles = '{role}' where normalised_email = '{Address}'");
            var page = await browser.OpenAsync(portal.Process.Address);
            await page.TypePasswordAsync(Address, JourneyPortal.Password);
            await Expect(page).ToHaveURLAsync(new Regex($"{LocalUrl.StartOf(role)}$"));
            await page.Part("account-menu").WaitForAsync();
            var cookies = string.Join("; ", (await page.Context.CookiesAsync()).Select(cookie => $"{cookie.Name}={cookie.Value}"));
            var cells = Pages.Select(one => (Method: "GET", Address: one.Key, Needs: one.Value)).Concat(Endpoints);
            foreach (var (method, address, needs) in cells)
            {
                var may = needs is not { } permission || role.Allow(permission);
                using var answer = await AskAsync(method, Parameter().Replace(address, parameter => Filled(parameter, message)), cookies);

                // A page about something that is not there is a page all the same, with its script.
                var refused = needs is not null
                    && answer.StatusCode == HttpStatusCode.NotFound
                    && !(await answer.Content.ReadAsStringAsync()).Contains("_framework/blazor.web", StringComparison.Ordinal);
                Assert.Equal((role, method, address, !may), (role, method, address, refused));
                Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{role} {address} {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task A_stranger_gets_to_none_of_them()
    {
        foreach (var (method, address) in Pages.Keys.Select(one => ("GET", one)).Concat(Endpoints.Select(one => (one.Method, one.Address))))
        {
            using var answer = await AskAsync(method, Parameter().Replace(address, parameter => Filled(parameter, "00000000-0000-0000-0000-000000000001")), cookies: null);
            Assert.Equal((address, HttpStatusCode.Redirect), (address, answer.StatusCode));
            Assert.StartsWith("/sign-in", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _handler.Dispose();

    private async Task InviteAsync()
    {
        await Cli.RunAsync(portal.Settings, "policy", "--second-factor", "Nobody", "--domain", "example.test");
        var link = await Cli.RunAsync(portal.Settings, "user", "add", Address, "--name", "Mattis Rix", "--domain", "example.test");
        var page = await browser.OpenAsync(portal.Process.Address);
        await page.GotoAsync(Join().Match(link).Value);
        await page.Part("join-password").FillAsync(JourneyPortal.Password);
        await page.Part("join-again").FillAsync(JourneyPortal.Password);
        await page.Part("join-submit").ClickAsync();
        await page.Part("sign-in-email").WaitForAsync();
    }

    /// <summary>One of theirs, with a file, so that no endpoint has another reason to find nothing.</summary>
    private async Task<string> MessageAsync()
    {
        var page = await browser.OpenAsync(portal.Process.Address);
        await page.TypePasswordAsync(Address, JourneyPortal.Password);
        await JourneyTests.WriteAsync(page, Address, "To myself", "With a file");
        await page.Part("compose-attach").SetInputFilesAsync(new FilePayload { Name = "note.txt", MimeType = "text/plain", Buffer = "noted"u8.ToArray() });
        await page.Part("compose-attachment").WaitForAsync();
        await page.Part("compose-send").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/mail/sent/"));
        return new Uri(page.Url).Segments[^1];
    }

    private static string Filled(Match parameter, string message) => parameter.Value switch
    {
        "{FolderName}" => "inbox",
        "{index:int}" => "0",
        "{name}" => "none.eml",
        _ => message,
    };

    private async Task<HttpResponseMessage> AskAsync(string method, string address, string? cookies)
    {
        using var client = new HttpMessageInvoker(_handler, disposeHandler: false);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(portal.Process.Address, address));
        if (cookies is not null)
        {
            request.Headers.Add("Cookie", cookies);
        }

        return await client.SendAsync(request, CancellationToken.None);
    }

    [GeneratedRegex("/join/[A-Za-z0-9_-]+")]
    private static partial Regex Join();

    [GeneratedRegex("\\{[^}]+\\}")]
    private static partial Regex Parameter();
}
