using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application.Transport;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What can be wrong on the way to a mail server, and that it is said.</summary>
public sealed class ConnectionTestTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-connection-");

    private static MailAccountSettings Right => new(
        "localhost", TestServers.ImapsPort, TlsMode.Implicit, "localhost", TestServers.SubmissionPort, TlsMode.StartTls, "alice@example.test", TestServers.MailPassword);

    public void Dispose()
    {
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_way_that_works_is_walked_to_its_end()
    {
        var steps = await WalkAsync(Right);
        Assert.All(steps, step => Assert.True(step.IsOk, $"{step}"));
        Assert.Equal(
            [ConnectionStepKind.FindName, ConnectionStepKind.Connect, ConnectionStepKind.Protect, ConnectionStepKind.SignIn, ConnectionStepKind.OpenMailbox],
            steps.Where(step => step.Server == TestedServer.Imap).Select(step => step.Kind));
        Assert.Equal(new StepOutcome.Announces(62_914_560), steps.Single(step => step.Kind == ConnectionStepKind.UseSenderAddress).Outcome);
    }

    [Fact]
    public async Task A_host_that_is_not_there_and_a_port_where_nothing_listens_are_told_apart()
    {
        var steps = await WalkAsync(Right with { ImapHost = "no-such-host.invalid", SmtpPort = 1 });
        Assert.Equal(new StepOutcome.NameNotFound("no-such-host.invalid"), Last(steps, TestedServer.Imap));
        Assert.Equal(new StepOutcome.ConnectionRefused("localhost", 1), Last(steps, TestedServer.Smtp));
        Assert.Equal(new StepOutcome.ConnectionRefused("localhost", 99999), Last(await WalkAsync(Right with { SmtpPort = 99999 }), TestedServer.Smtp));
    }

    [Fact]
    public async Task The_wrong_form_of_tls_is_recognised_both_ways()
    {
        var steps = await WalkAsync(Right with { ImapTls = TlsMode.StartTls, SmtpTls = TlsMode.Implicit });
        Assert.IsType<StepOutcome.SpeaksTls>(Last(steps, TestedServer.Imap));
        Assert.IsType<StepOutcome.SpeaksPlain>(Last(steps, TestedServer.Smtp));
    }

    [Fact]
    public async Task A_server_without_starttls_and_one_that_is_no_mail_server_are_recognised()
    {
        await using var shell = new ScriptedServer("SSH-2.0-OpenSSH_9.2");
        var steps = await WalkAsync(Right with { ImapPort = shell.Port, ImapTls = TlsMode.StartTls, SmtpPort = TestServers.SmtpPort });
        Assert.IsType<StepOutcome.OtherProtocol>(Last(steps, TestedServer.Imap));
        Assert.IsType<StepOutcome.NoStartTls>(Last(steps, TestedServer.Smtp));
    }

    [Fact]
    public async Task Silence_ends_after_a_while_in_words()
    {
        await using var silence = new ScriptedServer(null);
        var began = TimeProvider.System.GetTimestamp();
        var steps = await WalkAsync(Right with { ImapPort = silence.Port, SmtpPort = silence.Port });
        Assert.IsType<StepOutcome.NoTimelyAnswer>(Last(steps, TestedServer.Imap));
        Assert.IsType<StepOutcome.NoTimelyAnswer>(Last(steps, TestedServer.Smtp));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Without_protection_only_this_machine_is_reached() =>
        Assert.IsType<StepOutcome.UnprotectedElsewhere>(Last(await WalkAsync(Right with { ImapHost = "203.0.113.7", ImapTls = TlsMode.None }, TestServers.Authority, ownNetworks: "203.0.113.0/24"), TestedServer.Imap));

    [Fact]
    public async Task A_certificate_of_nobody_of_another_and_of_another_time_is_told_apart()
    {
        Assert.IsType<StepOutcome.CertificateUntrusted>(Last(await WalkAsync(Right, authorities: null), TestedServer.Imap));

        var now = TimeProvider.System.GetUtcNow();
        using var authority = new SmallAuthority(_directory);
        await using var other = new ScriptedServer("* OK", certificate: authority.Issue("mail.example.org", now.AddDays(-1), now.AddDays(1)));
        await using var old = new ScriptedServer("220 hello", certificate: authority.Issue("localhost", now.AddDays(-9), now.AddDays(-2)));
        var steps = await WalkAsync(Right with { ImapPort = other.Port, SmtpPort = old.Port, SmtpTls = TlsMode.Implicit }, authority.File);
        Assert.Equal(["mail.example.org"], Assert.IsType<StepOutcome.CertificateOfOther>(Last(steps, TestedServer.Imap)).Names);
        Assert.True(Assert.IsType<StepOutcome.CertificateNotInTime>(Last(steps, TestedServer.Smtp)).NotAfter < now);
    }

    [Fact]
    public async Task A_wrong_password_and_a_port_without_sign_in_are_told_apart()
    {
        var steps = await WalkAsync(Right with { Password = "wrong", SmtpHost = "127.0.0.1", SmtpPort = TestServers.SmtpPort, SmtpTls = TlsMode.None });
        Assert.IsType<StepOutcome.SignInRefused>(Last(steps, TestedServer.Imap));
        Assert.Empty(Assert.IsType<StepOutcome.NoCommonMechanism>(Last(steps, TestedServer.Smtp)).Offered);
    }

    [Fact]
    public async Task An_inbox_and_a_sender_that_are_refused_are_said_with_the_servers_words()
    {
        await using var imap = new ScriptedServer("* OK [CAPABILITY IMAP4rev1] hello", line => (line.Split(' '), line) switch
        {
            ([var tag, "LOGIN", ..], _) => $"{tag} OK [CAPABILITY IMAP4rev1] in",
            ([var tag, "LIST", ..], _) => $"* LIST () \"/\" INBOX\r\n{tag} OK listed",
            ([var tag, "EXAMINE", ..], _) => $"{tag} NO over quota",
            ([var tag, ..], _) => $"{tag} OK fine",
            _ => null,
        });
        await using var smtp = new ScriptedServer("220 hello", line => line[..4] switch
        {
            "EHLO" => "250-hello\r\n250 AUTH PLAIN",
            "AUTH" => "235 in",
            "MAIL" => "553 not your address",
            _ => "250 fine",
        });
        var steps = await WalkAsync(Right with
        {
            ImapHost = "127.0.0.1",
            ImapPort = imap.Port,
            ImapTls = TlsMode.None,
            SmtpHost = "127.0.0.1",
            SmtpPort = smtp.Port,
            SmtpTls = TlsMode.None,
        });
        Assert.Contains("over quota", Assert.IsType<StepOutcome.MailboxRefused>(Last(steps, TestedServer.Imap)).Answer, StringComparison.Ordinal);
        Assert.Equal(new StepOutcome.SenderRefused("alice@example.test", "553 not your address"), Last(steps, TestedServer.Smtp));
    }

    [Fact]
    public async Task Tokens_sign_in_at_both_servers_and_what_is_wrong_with_them_is_said()
    {
        await using var endpoint = new TokenEndpoint();
        var oauth = new OAuthSettings(OAuthGrant.ClientCredentials, endpoint.Address, "portal", "secret", null, "mail");
        Assert.All(await WalkAsync(Right with { Password = null, OAuth = oauth }), step => Assert.True(step.IsOk, $"{step}"));

        var client = await WalkAsync(Right with { OAuth = oauth with { ClientSecret = "wrong" } });
        Assert.Equal(new ConnectionStep(TestedServer.Tokens, ConnectionStepKind.GetToken, new StepOutcome.TokenRefused(TokenRefusal.Client)), Assert.Single(client));
        var grant = await WalkAsync(Right with { OAuth = oauth with { Grant = OAuthGrant.RefreshToken, RefreshToken = "old" } });
        Assert.Equal(new StepOutcome.TokenRefused(TokenRefusal.Grant), Last(grant, TestedServer.Tokens));
        Assert.IsType<StepOutcome.TokenNoAnswer>(Last(await WalkAsync(Right with { OAuth = oauth with { TokenEndpoint = "http://127.0.0.1:1/" } }), TestedServer.Tokens));
        Assert.IsType<StepOutcome.SignInRefused>(Last(await WalkAsync(Right with { UserName = "bob@example.test", OAuth = oauth }), TestedServer.Imap));
    }

    [Fact]
    public async Task Nobody_looks_around_in_the_portals_own_network()
    {
        foreach (var host in new[] { "localhost", "127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254" })
        {
            var steps = await WalkAsync(Right with { ImapHost = host, SmtpHost = host }, TestServers.Authority, ownNetworks: "10.0.0.0/8");
            Assert.Equal(2, steps.Count);
            Assert.All(steps, step => Assert.Equal(new StepOutcome.OutOfReach(host), step.Outcome));
        }

        var oauth = new OAuthSettings(OAuthGrant.ClientCredentials, "https://localhost/token", "portal", "secret", null, null);
        var token = Assert.Single(await WalkAsync(Right with { OAuth = oauth }, TestServers.Authority, ownNetworks: "10.0.0.0/8"));
        Assert.Equal(new StepOutcome.OutOfReach("localhost"), token.Outcome);
    }

    [Theory]
    [InlineData("93.184.215.14", true)]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.2.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("::ffff:192.168.1.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("255.255.255.255", false)]
    public void Accounts_are_on_the_public_Internet_or_where_the_operator_says(string address, bool allowed) =>
        Assert.Equal(allowed, new Reach(Options.Create(new TransportOptions { OwnNetworks = "10.1.0.0/16" })).IsAllowed(System.Net.IPAddress.Parse(address)));

    private static StepOutcome Last(IReadOnlyList<ConnectionStep> steps, TestedServer server) => steps.Last(step => step.Server == server).Outcome;

    private static Task<IReadOnlyList<ConnectionStep>> WalkAsync(MailAccountSettings settings) => WalkAsync(settings, TestServers.Authority);

    private static async Task<IReadOnlyList<ConnectionStep>> WalkAsync(MailAccountSettings settings, string? authorities, string ownNetworks = "127.0.0.0/8 ::1/128")
    {
        var options = Options.Create(new TransportOptions { ServerAuthorities = authorities, OwnNetworks = ownNetworks });
        var trust = new ServerTrust(options);
        var networks = new Dictionary<string, string?> { [$"{TransportOptions.Section}:{nameof(TransportOptions.OwnNetworks)}"] = ownNetworks };
        await using var services = new ServiceCollection().AddTransport(new ConfigurationBuilder().AddInMemoryCollection(networks).Build()).BuildServiceProvider();
        var tokens = new AccessTokens(services.GetRequiredService<IHttpClientFactory>(), TimeProvider.System);
        var told = new List<ConnectionStep>();
        var tested = await new ConnectionTest(trust, new Reach(options), tokens).RunAsync(
            settings,
            "alice@example.test",
            step =>
            {
                told.Add(step);
                return Task.CompletedTask;
            },
            CancellationToken.None);
        Assert.Equal(told, tested.Steps);
        return tested.Steps;
    }

    /// <summary>Issues certificates for servers, as wrong as they are wanted.</summary>
    private sealed class SmallAuthority : IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly X509Certificate2 _certificate;

        public SmallAuthority(DirectoryInfo directory)
        {
            var request = new CertificateRequest("CN=Small authority", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            var now = TimeProvider.System.GetUtcNow();
            _certificate = request.CreateSelfSigned(now.AddDays(-10), now.AddDays(10));
            File = Path.Combine(directory.FullName, "ca.pem");
            System.IO.File.WriteAllText(File, _certificate.ExportCertificatePem());
        }

        public string File { get; }

        public X509Certificate2 Issue(string name, DateTimeOffset from, DateTimeOffset until)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            using var issued = request.Create(_certificate, from, until, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(issued.Export(X509ContentType.Pkcs12), null);
        }

        public void Dispose()
        {
            _certificate.Dispose();
            _key.Dispose();
        }
    }
}
