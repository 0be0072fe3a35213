using System.Net;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace Portal.Application.Transport;

/// <summary>Connects to mail servers; whatever goes wrong is said in words.</summary>
internal sealed class MailConnections(ServerTrust trust, IOptions<TransportOptions> options)
{
    /// <exception cref="MailServerException">In words.</exception>
    public async Task<ImapClient> ImapAsync(MailAccountSettings settings, CancellationToken cancellationToken)
    {
        var client = new ImapClient();
        await OpenAsync(client, settings.ImapHost, settings.ImapPort, settings.ImapTls, settings.UserName, settings.Password, cancellationToken);
        return client;
    }

    /// <exception cref="MailServerException">In words.</exception>
    public async Task<ExactSmtpClient> SmtpAsync(MailAccountSettings settings, CancellationToken cancellationToken)
    {
        var client = new ExactSmtpClient();
        await OpenAsync(client, settings.SmtpHost, settings.SmtpPort, settings.SmtpTls, settings.UserName, settings.Password, cancellationToken);
        return client;
    }

    /// <exception cref="MailServerException">In words.</exception>
    public async Task<ExactSmtpClient> RelayAsync(CancellationToken cancellationToken)
    {
        var relay = options.Value;
        var client = new ExactSmtpClient();
        await OpenAsync(client, relay.RelayHost, relay.RelayPort, relay.RelayTls, relay.RelayUserName, relay.RelayPassword, cancellationToken);
        return client;
    }

    /// <summary>Signs in at both servers and leaves again.</summary>
    /// <returns>Null when that worked.</returns>
    public async Task<MailAccountOutcome.CannotConnect?> TryAsync(MailAccountSettings settings, CancellationToken cancellationToken)
    {
        var server = $"IMAP {settings.ImapHost}:{settings.ImapPort}";
        try
        {
            using (var imap = await ImapAsync(settings, cancellationToken))
            {
                await imap.DisconnectAsync(true, cancellationToken);
            }

            server = $"SMTP {settings.SmtpHost}:{settings.SmtpPort}";
            using var smtp = await SmtpAsync(settings, cancellationToken);
            await smtp.DisconnectAsync(true, cancellationToken);
            return null;
        }
        catch (MailServerException exception)
        {
            return new MailAccountOutcome.CannotConnect(server, exception.Message);
        }
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

    private async Task OpenAsync(
        MailService client, string host, int port, TlsMode tls, string? userName, string? password, CancellationToken cancellationToken)
    {
        try
        {
            client.Timeout = (int)options.Value.Timeout.TotalMilliseconds;
            client.CheckCertificateRevocation = false;
            client.ServerCertificateValidationCallback = trust.Accepts;
            DemandProtection(host, tls);
            await client.ConnectAsync(host, port, Security(tls), cancellationToken);
            if (userName is { Length: > 0 })
            {
                await client.AuthenticateAsync(userName, password ?? string.Empty, cancellationToken);
            }
        }
        catch (Exception exception) when (MailServerException.IsExpected(exception))
        {
            client.Dispose();
            throw new MailServerException(exception);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static void DemandProtection(string host, TlsMode tls)
    {
        var local = host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        if (tls == TlsMode.None && !local)
        {
            throw new MailServerException(ServerWords.Kept(nameof(ServerTexts.OnlyTls)));
        }
    }

    private static SecureSocketOptions Security(TlsMode tls) => tls switch
    {
        TlsMode.Implicit => SecureSocketOptions.SslOnConnect,
        TlsMode.StartTls => SecureSocketOptions.StartTls,
        TlsMode.None => SecureSocketOptions.None,
    };
}
