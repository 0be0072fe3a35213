using System.Net.Sockets;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Portal.Application.Transport;

/// <param name="Settings">With the refresh token that counts from now on.</param>
/// <param name="Steps">Those of each server until the one that did not work.</param>
internal sealed record TestedConnection(MailAccountSettings Settings, IReadOnlyList<ConnectionStep> Steps);

/// <summary>Walks the way to both mail servers, step by step, and says which step does not work and why.</summary>
internal sealed class ConnectionTest(ServerTrust trust, Reach reach, AccessTokens tokens)
{
    /// <summary>Of everything together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(18);
    private static readonly string[] TokenMechanisms = ["XOAUTH2", "OAUTHBEARER"];

    /// <param name="settings">With secrets.</param>
    /// <param name="sender">The mailbox's address.</param>
    /// <param name="tell">Hears of each step as it ends; never of two at once.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    public async Task<TestedConnection> RunAsync(
        MailAccountSettings settings, string sender, Func<ConnectionStep, Task> tell, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var telling = new SemaphoreSlim(1);
        var steps = new List<ConnectionStep>();
        async Task Told(ConnectionStep step)
        {
            await telling.WaitAsync(CancellationToken.None);
            try
            {
                steps.Add(step);
                await tell(step);
            }
            finally
            {
                telling.Release();
            }
        }

        var signIn = new SignIn(settings.UserName, settings.Password, null);
        if (settings.OAuth is { } oauth)
        {
            if (await TokenAsync(oauth, Told, patience.Token) is not { } granted)
            {
                return new TestedConnection(settings, steps);
            }

            signIn = signIn with { AccessToken = granted.Token };
            settings = settings with { OAuth = oauth with { RefreshToken = granted.RefreshToken } };
        }

        await Task.WhenAll(
            WalkAsync(new ImapWalk(settings, signIn), Told, patience.Token),
            WalkAsync(new SmtpWalk(settings, signIn, sender), Told, patience.Token));
        cancellationToken.ThrowIfCancellationRequested();
        return new TestedConnection(settings, steps);
    }

    private async Task<TokenAnswer.Granted?> TokenAsync(OAuthSettings settings, Func<ConnectionStep, Task> tell, CancellationToken cancellationToken)
    {
        var answer = await tokens.GetAsync(settings, fresh: false, cancellationToken);
        await tell(new ConnectionStep(TestedServer.Tokens, ConnectionStepKind.GetToken, answer switch
        {
            TokenAnswer.Granted => new StepOutcome.Ok(),
            TokenAnswer.Refused refused => new StepOutcome.TokenRefused(refused.Reason),
            TokenAnswer.OutOfReach => new StepOutcome.OutOfReach(new Uri(settings.TokenEndpoint).Host),
            _ => new StepOutcome.TokenNoAnswer(),
        }));
        return answer as TokenAnswer.Granted;
    }

    private async Task WalkAsync(Walk walk, Func<ConnectionStep, Task> tell, CancellationToken cancellationToken)
    {
        using var client = walk.NewClient();
        RefusedCertificate? refused = null;
        client.CheckCertificateRevocation = false;
        client.ServerCertificateValidationCallback = trust.Watched(certificate => refused = certificate);
        Socket? socket = null;
        (ConnectionStepKind Kind, Func<Task<StepOutcome>> Take)[] way =
        [
            (ConnectionStepKind.FindName, () => FindAsync(walk, cancellationToken)),
            (ConnectionStepKind.Connect, () => ConnectAsync(walk, connected => socket = connected, cancellationToken)),
            (ConnectionStepKind.Protect, () => ProtectAsync(walk, client, socket!, () => refused, cancellationToken)),
            (ConnectionStepKind.SignIn, () => SignInAsync(walk, client, cancellationToken)),
            (walk.LastKind, () => walk.LastAsync(client, cancellationToken)),
        ];
        try
        {
            foreach (var (kind, take) in way)
            {
                var step = new ConnectionStep(walk.Server, kind, await OutcomeAsync(take));
                await tell(step);
                if (!step.IsOk)
                {
                    return;
                }
            }

            await client.DisconnectAsync(true, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException || MailServerException.IsExpected(exception))
        {
            // Everything that was asked is known; how the server takes leave is its own business.
        }
        finally
        {
            socket?.Dispose();
        }
    }

    private static async Task<StepOutcome> OutcomeAsync(Func<Task<StepOutcome>> take)
    {
        try
        {
            return await take();
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            return new StepOutcome.NoTimelyAnswer();
        }
        catch (ProtocolException)
        {
            return new StepOutcome.OtherProtocol();
        }
        catch (Exception exception) when (MailServerException.IsExpected(exception))
        {
            return new StepOutcome.BrokenOff();
        }
    }

    private async Task<StepOutcome> FindAsync(Walk walk, CancellationToken cancellationToken)
    {
        try
        {
            await reach.FindAsync(walk.Host, cancellationToken);
            return new StepOutcome.Ok();
        }
        catch (OutOfReachException)
        {
            return new StepOutcome.OutOfReach(walk.Host);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return new StepOutcome.NameNotFound(walk.Host);
        }
    }

    private async Task<StepOutcome> ConnectAsync(Walk walk, Action<Socket> connected, CancellationToken cancellationToken)
    {
        if (walk.Tls == TlsMode.None && !MailConnections.IsThisMachine(walk.Host))
        {
            return new StepOutcome.UnprotectedElsewhere();
        }

        if (walk.Port is < 1 or > ushort.MaxValue)
        {
            return new StepOutcome.ConnectionRefused(walk.Host, walk.Port);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience / 3);
        try
        {
            connected(await reach.ConnectAsync(walk.Host, walk.Port, patience.Token));
            return new StepOutcome.Ok();
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused ? new StepOutcome.ConnectionRefused(walk.Host, walk.Port) : new StepOutcome.NoTimelyAnswer();
        }
    }

    private async Task<StepOutcome> ProtectAsync(
        Walk walk, MailService client, Socket socket, Func<RefusedCertificate?> refused, CancellationToken cancellationToken)
    {
        if (walk.Tls != TlsMode.Implicit && !await PortProbe.GreetsAsync(socket, cancellationToken))
        {
            return await new PortProbe(trust, reach).SpeaksTlsAsync(walk.Host, walk.Port, cancellationToken) ? new StepOutcome.SpeaksTls() : new StepOutcome.NoTimelyAnswer();
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience / 3);
        try
        {
            await client.ConnectAsync(socket, walk.Host, walk.Port, MailConnections.Security(walk.Tls), patience.Token);
            return new StepOutcome.Ok();
        }
        catch (NotSupportedException)
        {
            return new StepOutcome.NoStartTls();
        }
        catch (SslHandshakeException) when (patience.IsCancellationRequested)
        {
            return new StepOutcome.NoTimelyAnswer();
        }
        catch (SslHandshakeException)
        {
            return refused() is { } certificate ? Judged(certificate)
                : walk.Tls == TlsMode.Implicit && await new PortProbe(trust, reach).GreetsAsync(walk.Host, walk.Port, cancellationToken) ? new StepOutcome.SpeaksPlain()
                : new StepOutcome.TlsFailed();
        }
    }

    private static StepOutcome Judged(RefusedCertificate certificate)
    {
        var now = TimeProvider.System.GetUtcNow();
        return certificate.NotBefore > now || certificate.NotAfter < now ? new StepOutcome.CertificateNotInTime(certificate.NotBefore, certificate.NotAfter)
            : certificate.IsOfOther ? new StepOutcome.CertificateOfOther(certificate.Names)
            : new StepOutcome.CertificateUntrusted(certificate.Issuer);
    }

    private static async Task<StepOutcome> SignInAsync(Walk walk, MailService client, CancellationToken cancellationToken)
    {
        var offered = client.AuthenticationMechanisms.Order(StringComparer.Ordinal).ToList();
        var isCommon = walk.SignIn.AccessToken is not null ? offered.Intersect(TokenMechanisms).Any() : offered.Except(TokenMechanisms).Any() || walk.HasOwnSignIn(client);
        if (!isCommon)
        {
            return new StepOutcome.NoCommonMechanism(offered);
        }

        try
        {
            await MailConnections.SignInAsync(client, walk.SignIn, cancellationToken);
            return new StepOutcome.Ok();
        }
        catch (AuthenticationException)
        {
            return new StepOutcome.SignInRefused();
        }
    }

    private abstract record Walk(TestedServer Server, string Host, int Port, TlsMode Tls, SignIn SignIn, ConnectionStepKind LastKind)
    {
        public abstract MailService NewClient();

        /// <summary>Without SASL.</summary>
        public abstract bool HasOwnSignIn(MailService client);

        public abstract Task<StepOutcome> LastAsync(MailService client, CancellationToken cancellationToken);
    }

    private sealed record ImapWalk(MailAccountSettings Settings, SignIn Way)
        : Walk(TestedServer.Imap, Settings.ImapHost, Settings.ImapPort, Settings.ImapTls, Way, ConnectionStepKind.OpenMailbox)
    {
        public override MailService NewClient() => new ImapClient();

        public override bool HasOwnSignIn(MailService client) => !((ImapClient)client).Capabilities.HasFlag(ImapCapabilities.LoginDisabled);

        public override async Task<StepOutcome> LastAsync(MailService client, CancellationToken cancellationToken)
        {
            try
            {
                await (((ImapClient)client).Inbox ?? throw new FolderNotFoundException("INBOX")).OpenAsync(FolderAccess.ReadOnly, cancellationToken);
                return new StepOutcome.Ok();
            }
            catch (Exception exception) when (exception is CommandException or FolderNotFoundException)
            {
                return new StepOutcome.MailboxRefused(exception.Message);
            }
        }
    }

    private sealed record SmtpWalk(MailAccountSettings Settings, SignIn Way, string Sender)
        : Walk(TestedServer.Smtp, Settings.SmtpHost, Settings.SmtpPort, Settings.SmtpTls, Way, ConnectionStepKind.UseSenderAddress)
    {
        public override MailService NewClient() => new ExactSmtpClient();

        public override bool HasOwnSignIn(MailService client) => false;

        public override async Task<StepOutcome> LastAsync(MailService client, CancellationToken cancellationToken)
        {
            var smtp = (ExactSmtpClient)client;
            var answer = await smtp.TrySenderAsync(Sender, cancellationToken);
            return (int)answer.StatusCode >= 400 ? new StepOutcome.SenderRefused(Sender, $"{(int)answer.StatusCode} {answer.Response}")
                : smtp.Capabilities.HasFlag(SmtpCapabilities.Size) && smtp.MaxSize > 0 ? new StepOutcome.Announces(smtp.MaxSize)
                : new StepOutcome.Ok();
        }
    }
}
