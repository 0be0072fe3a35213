using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Testing;

/// <summary>A server on loopback that says what a test wants it to say, line by line.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string? _greeting;
    private readonly Func<string, string?> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly Task _loop;

    /// <param name="greeting">None for silence.</param>
    /// <param name="answer">To each line; null says nothing.</param>
    /// <param name="certificate">TLS from the first byte, with this.</param>
    public ScriptedServer(string? greeting, Func<string, string?>? answer = null, X509Certificate2? certificate = null)
    {
        (_greeting, _answer, _certificate) = (greeting, answer ?? (_ => null), certificate);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(sessions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        Stream stream = client.GetStream();
        if (_certificate is not null)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            stream = tls;
        }

        await using var own = stream;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await SayAsync(stream, _greeting);
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            await SayAsync(stream, _answer(line));
        }
    }

    private async Task SayAsync(Stream stream, string? text)
    {
        if (text is not null)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{text}\r\n"), _stop.Token);
        }
    }
}
