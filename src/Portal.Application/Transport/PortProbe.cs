using System.Net.Security;
using System.Net.Sockets;

namespace Portal.Application.Transport;

/// <summary>What a port does when one listens to it, or begins with TLS.</summary>
internal sealed class PortProbe(ServerTrust trust, Reach reach)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Whether the server says something by itself; what it says stays to be read.</summary>
    public static async Task<bool> GreetsAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, patience.Token) > 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public async Task<bool> GreetsAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await reach.ConnectAsync(host, port, cancellationToken);
            return await GreetsAsync(socket, cancellationToken);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether a certificate is shown, whatever it is worth.</summary>
    public async Task<bool> SpeaksTlsAsync(string host, int port, CancellationToken cancellationToken)
    {
        var shown = false;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var socket = await reach.ConnectAsync(host, port, patience.Token);
            await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = trust.Watched(_ => shown = true) }, patience.Token);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or IOException or System.Security.Authentication.AuthenticationException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return shown;
        }
    }
}
