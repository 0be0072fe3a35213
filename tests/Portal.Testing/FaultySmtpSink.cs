using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Testing;

/// <param name="From">MAIL FROM; empty for a notice.</param>
/// <param name="Recipients">Those that were accepted.</param>
/// <param name="Content">As it came, dots unstuffed.</param>
public sealed record ReceivedMail(string From, IReadOnlyList<string> Recipients, byte[] Content);

/// <summary>A mail server (RFC 5321) that goes wrong on demand.</summary>
public sealed class FaultySmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ReceivedMail> _received = new();
    private readonly Task _loop;
    private int _dropsAfterDot;

    public FaultySmtpSink()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The answer to RCPT TO; 250 by default.</summary>
    public Func<string, string> AnswerRecipient { get; set; } = _ => "250 OK";

    /// <summary>The answer to the final dot.</summary>
    public string AnswerMessage { get; set; } = "250 OK taken";

    public IReadOnlyList<ReceivedMail> Received => [.. _received];

    /// <summary>So many times the connection ends after the final dot, before the answer; the message is taken (RFC 1047).</summary>
    public void DropAfterFinalDot(int times) => _dropsAfterDot = times;

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
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(sessions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            await using var stream = client.GetStream();
            var lines = new SmtpLines(stream);
            await lines.WriteAsync("220 sink", _stop.Token);
            var (from, recipients) = (string.Empty, new List<string>());
            while (await lines.ReadAsync(_stop.Token) is { } command)
            {
                var verb = command.Split(' ', ':')[0].ToUpperInvariant();
                switch (verb)
                {
                    case "EHLO" or "HELO":
                        await lines.WriteAsync("250-sink\r\n250-8BITMIME\r\n250 SIZE 100000000", _stop.Token);
                        break;
                    case "MAIL":
                        (from, recipients) = (Address(command), []);
                        await lines.WriteAsync("250 OK", _stop.Token);
                        break;
                    case "RCPT":
                        var answer = AnswerRecipient(Address(command));
                        if (answer.StartsWith('2'))
                        {
                            recipients.Add(Address(command));
                        }

                        await lines.WriteAsync(answer, _stop.Token);
                        break;
                    case "DATA" when recipients.Count == 0:
                        await lines.WriteAsync("554 no recipient", _stop.Token);
                        break;
                    case "DATA":
                        if (!await TakeAsync(lines, from, recipients))
                        {
                            return;
                        }

                        break;
                    case "QUIT":
                        await lines.WriteAsync("221 bye", _stop.Token);
                        return;
                    default:
                        await lines.WriteAsync("250 OK", _stop.Token);
                        break;
                }
            }
        }
    }

    /// <returns>False when the connection shall end.</returns>
    private async Task<bool> TakeAsync(SmtpLines lines, string from, List<string> recipients)
    {
        await lines.WriteAsync("354 go on", _stop.Token);
        using var content = new MemoryStream();
        while (await lines.ReadAsync(_stop.Token) is { } line)
        {
            if (line == ".")
            {
                if (AnswerMessage.StartsWith('2'))
                {
                    _received.Enqueue(new ReceivedMail(from, [.. recipients], content.ToArray()));
                }

                if (Interlocked.Decrement(ref _dropsAfterDot) >= 0)
                {
                    return false;
                }

                await lines.WriteAsync(AnswerMessage, _stop.Token);
                return true;
            }

            content.Write(Encoding.Latin1.GetBytes((line.StartsWith('.') ? line[1..] : line) + "\r\n"));
        }

        return false;
    }

    private static string Address(string command)
    {
        var begin = command.IndexOf('<', StringComparison.Ordinal) + 1;
        return command[begin..command.IndexOf('>', StringComparison.Ordinal)];
    }

    private sealed class SmtpLines(Stream stream)
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private int _at;
        private int _filled;

        public async Task<string?> ReadAsync(CancellationToken cancellationToken)
        {
            var line = new List<byte>();
            while (true)
            {
                if (_at == _filled)
                {
                    (_at, _filled) = (0, await stream.ReadAsync(_buffer, cancellationToken));
                    if (_filled == 0)
                    {
                        return null;
                    }
                }

                var next = _buffer[_at++];
                if (next == '\n')
                {
                    return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
                }

                line.Add(next);
            }
        }

        public async Task WriteAsync(string line, CancellationToken cancellationToken) =>
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken);
    }
}
