using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Application;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Web.Accounts;
using Portal.Web.Inbox;
using Portal.Web.Shell;

namespace Portal.Web.Tests;

/// <summary>Small rules of the pages, without a page.</summary>
public sealed class ShellTests
{
    [Theory]
    [InlineData("http://localhost:5080", "localhost:5080", true)]
    [InlineData("https://portal.example.org", "portal.example.org", true)]
    [InlineData(null, "localhost:5080", true)]
    [InlineData("http://localhost:9999", "localhost:5080", false)]
    [InlineData("https://portal.example.org.evil.test", "portal.example.org", false)]
    [InlineData("null", "portal.example.org", false)]
    public void A_circuit_is_opened_by_our_own_pages_only(string? origin, string host, bool ours) =>
        Assert.Equal(ours, OwnPagesOnly.IsOurs(origin, new HostString(host)));

    [Fact]
    public void What_one_person_tries_leaves_everybody_else_their_attempts()
    {
        using var limits = new SignInLimits(Options.Create(new SignInLimitOptions { AttemptsPerNetwork = 100, AttemptsPerAccount = 2 }));
        var here = new DefaultHttpContext();
        Assert.Equal([true, true, false], [limits.MayTry(here, "code a"), limits.MayTry(here, "code a"), limits.MayTry(here, "code a")]);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.True(limits.MayTry(here, null)));
        Assert.True(limits.MayTry(here, "code b"));
    }

    [Fact]
    public void The_demo_names_the_same_password_at_every_start()
    {
        var directory = Directory.CreateTempSubdirectory("portal-demo-").FullName;
        string Start()
        {
            var builder = WebApplication.CreateBuilder([$"--Portal:DataDirectory={directory}"]);
            DemoSettings.Apply(builder, ["--demo"]);
            return builder.Configuration["Portal:Demo:Password"]!;
        }

        var first = Start();
        Assert.Equal(16, first.Length);
        Assert.Equal(first, Start());
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Proxies_are_addresses_or_networks()
    {
        Assert.Equal(["10.0.0.5/32", "172.16.0.0/12", "::1/128"], Proxies.Networks("10.0.0.5, 172.16.0.0/12,::1").Select(network => network.ToString()));
        Assert.Empty(Proxies.Networks(null));
        var refusal = Assert.Throws<InvalidOperationException>(() => Proxies.Networks("the proxy"));
        Assert.Contains("the proxy", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ArrowDown", -1, 0)]
    [InlineData("ArrowDown", 4, 4)]
    [InlineData("k", 0, 0)]
    [InlineData("End", 1, 4)]
    [InlineData("Enter", 2, 2)]
    [InlineData("Delete", 2, null)]
    public void Keys_lead_through_a_list_and_not_out_of_it(string key, int at, int? row) => Assert.Equal(row, ListKeys.Row(key, at, count: 5));

    [Fact]
    public void With_control_a_key_is_the_browsers()
    {
        Assert.False(ListKeys.IsOurs(new KeyboardEventArgs { Key = "r", CtrlKey = true }));
        Assert.True(ListKeys.IsOurs(new KeyboardEventArgs { Key = "r" }));
    }

    [Fact]
    public void Roles_are_named_in_one_order_and_none_is_said_too()
    {
        Assert.Equal($"{AccountTexts.RoleUser}, {AccountTexts.RoleAuditor}", RoleWords.Of(Roles.Auditor | Roles.User));
        Assert.Equal(AccountTexts.RoleNone, RoleWords.Of(Roles.None));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1000, "999+")]
    public void Messages_are_counted_so_far_and_no_further(int messages, string words)
    {
        Assert.Equal(words, FolderNames.Count(messages));
        Assert.Equal(1000, FolderView.MostCounted);
    }

    [Fact]
    public async Task What_was_done_last_is_what_is_undone()
    {
        var toasts = new Toasts();
        var undone = new List<string>();
        toasts.Show("first", () => { undone.Add("first"); return Task.CompletedTask; });
        toasts.Show("second", () => { undone.Add("second"); return Task.CompletedTask; });
        await toasts.UndoAsync();
        await toasts.UndoAsync();
        Assert.Equal(["second"], undone);
        Assert.Null(toasts.Words);
    }

    [Fact]
    public void A_failure_stands_in_the_log_under_the_number_that_is_shown()
    {
        var log = new HeardLog();
        var reference = new Faults(log).Record(new InvalidOperationException("broken"));
        Assert.Contains(reference, Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    private sealed class HeardLog : ILogger<Faults>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }

    [Theory]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe")]
    [InlineData("a\r\nb\0.txt", "ab.txt")]
    [InlineData(" . ", "file")]
    [InlineData("C:\\x|y?.txt", "C__x_y_.txt")]
    public void A_file_name_is_only_a_name(string sent, string safe) => Assert.Equal(safe, FileDownload.SafeName(sent));

    [Fact]
    public void A_long_file_name_keeps_its_ending() => Assert.EndsWith(".pdf", FileDownload.SafeName(new string('a', 300) + ".pdf"), StringComparison.Ordinal);

    [Fact]
    public void A_signature_is_said_to_be_by_an_address_and_never_by_a_certificates_name()
    {
        var words = VerdictWords.Explanation(View(MessageVerdict.SignedValid, []), "mallory@evil.test");
        Assert.StartsWith("mallory@evil.test signed", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Your Bank", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_that_is_not_accepted_says_why_at_once() =>
        Assert.EndsWith(VerdictWords.Reason("Expired"), VerdictWords.Explanation(View(MessageVerdict.SignedUntrusted, ["Expired"]), null), StringComparison.Ordinal);

    [Fact]
    public void Which_certificate_breaks_a_path_is_said_and_by_what()
    {
        var step = new StepView("Certificate", "Failed", 1, ["PathInvalid"], "mallory@evil.test") { PathFailure = "NameConstraints", FailedCertificate = "Issuing CA" };

        Assert.Equal("It carries a name that an authority above it may not vouch for. This is about the certificate of Issuing CA.", StepWords.Of(step));
        Assert.Equal(VerdictWords.Reason("PathInvalid"), StepWords.Of(step with { PathFailure = null, FailedCertificate = null }));
    }

    private static VerdictView View(MessageVerdict verdict, IReadOnlyList<string> reasons) =>
        new(verdict, Encrypted: false, [], [new SignerView("mallory@evil.test", "Your Bank", null, null, null, null, null, null, reasons)], [], null, HeaderView.None, []);
}
