using System.Net;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace Portal.Application.Transport;

/// <param name="UserName">None where nobody signs in.</param>
/// <param name="Password">Not used where there is a token.</param>
/// <param name="AccessToken">Of OAuth.</param>
internal sealed record SignIn(string? UserName, string? Password, string? AccessToken)
{
    public override string ToString() => nameof(SignIn);
}

/// <summary>Connects to mail servers; whatever goes wrong is said in words.</summary>
internal sealed class MailConnections(ServerTrust trust, Reach reach, IOptions<TransportOptions> options)
{
    /// <exception cref="MailServerException">In words.</exception>
    public async Task<ImapClient> ImapAsync(MailAccountSettings settings, string? accessToken, CancellationToken cancellationToken)
    {
        var client = new ImapClient();
        await OpenAsync(
            client, settings.ImapHost, settings.ImapPort, settings.ImapTls, new SignIn(settings.UserName, settings.Password, accessToken), isOurs: false, cancellationToken);
        return client;
    }

    /// <exception cref="MailServerException">In words.</exception>
    public async Task<ExactSmtpClient> SmtpAsync(MailAccountSettings settings, string? accessToken, CancellationToken cancellationToken)
    {
        var client = new ExactSmtpClient();
        await OpenAsync(
            client, settings.SmtpHost, settings.SmtpPort, settings.SmtpTls, new SignIn(settings.UserName, settings.Password, accessToken), isOurs: false, cancellationToken);
        return client;
    }

    /// <exception cref="MailServerException">In words.</exception>
    public async Task<ExactSmtpClient> RelayAsync(CancellationToken cancellationToken)
    {
        var relay = options.Value;
        var client = new ExactSmtpClient();
        await OpenAsync(client, relay.RelayHost, relay.RelayPort, relay.RelayTls, new SignIn(relay.RelayUserName, relay.RelayPassword, null), isOurs: true, cancellationToken);
        return client;
    }

    /// <summary>Signs in at the relay and leaves again.</summary>
    /// <returns>Null when that worked; otherwise why not, in words.</returns>
    public async Task<string?> TryRelayAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = await RelayAsync(cancellationToken);
            await client.DisconnectAsync(true, cancellationToken);
            return null;
        }
        catch (MailServerException exception)
        {
            return exception.Message;
        }
    }

    /// <exception cref="MailServerException">The server offers none of the mechanisms that take a token.</exception>
    public static async Task SignInAsync(MailService client, SignIn signIn, CancellationToken cancellationToken)
    {
        if (signIn.AccessToken is { } token)
        {
            await client.AuthenticateAsync(Mechanism(client, signIn.UserName!, token), cancellationToken);
        }
        else if (signIn.UserName is { Length: > 0 } userName)
        {
            await client.AuthenticateAsync(userName, signIn.Password ?? string.Empty, cancellationToken);
        }
    }

    // Google's and Microsoft's own first (XOAUTH2); RFC 7628 where only that is offered.
    private static SaslMechanism Mechanism(MailService client, string userName, string token) =>
        client.AuthenticationMechanisms.Contains("XOAUTH2") ? new SaslMechanismOAuth2(userName, token)
        : client.AuthenticationMechanisms.Contains("OAUTHBEARER") ? new SaslMechanismOAuthBearer(userName, token)
        : throw new MailServerException(ServerWords.Kept(nameof(ServerTexts.NoTokens)));

    /// <param name="isOurs">The installation's own relay may be anywhere.</param>
    private async Task OpenAsync(MailService client, string host, int port, TlsMode tls, SignIn signIn, bool isOurs, CancellationToken cancellationToken)
    {
        try
        {
            client.Timeout = (int)options.Value.Timeout.TotalMilliseconds;
            client.CheckCertificateRevocation = false;
            client.ServerCertificateValidationCallback = trust.Accepts;
            DemandProtection(host, tls);
            if (isOurs)
            {
                await client.ConnectAsync(host, port, Security(tls), cancellationToken);
            }
            else
            {
                await ConnectAsync(client, host, port, tls, cancellationToken);
            }

            await SignInAsync(client, signIn, cancellationToken);
        }
        catch (Exception exception) when (MailServerException.IsExpected(exception))
        {
            client.Dispose();
            throw new MailServerException(exception, signIn.AccessToken is not null);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private async Task ConnectAsync(MailService client, string host, int port, TlsMode tls, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.Timeout);
        try
        {
            var socket = await reach.ConnectAsync(host, port, patience.Token);
            await client.ConnectAsync(socket, host, port, Security(tls), patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    public static bool IsThisMachine(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static void DemandProtection(string host, TlsMode tls)
    {
        if (tls == TlsMode.None && !IsThisMachine(host))
        {
            throw new MailServerException(ServerWords.Kept(nameof(ServerTexts.OnlyTls)));
        }
    }

    public static SecureSocketOptions Security(TlsMode tls) => tls switch
    {
        TlsMode.Implicit => SecureSocketOptions.SslOnConnect,
        TlsMode.StartTls => SecureSocketOptions.StartTls,
        TlsMode.None => SecureSocketOptions.None,
    };
}
