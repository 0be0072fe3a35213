using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Testing;

/// <summary>How a name is answered.</summary>
public abstract record DnsBehaviour
{
    /// <summary>With these TXT records.</summary>
    public sealed record Texts(params string[] Values) : DnsBehaviour;

    /// <summary>Truncated by UDP, and these by TCP.</summary>
    public sealed record Truncated(params string[] Values) : DnsBehaviour;

    public sealed record Silence : DnsBehaviour;

    /// <summary>These, under the id of another question.</summary>
    public sealed record WrongId(params string[] Values) : DnsBehaviour;

    /// <summary>Bytes that are no answer.</summary>
    public sealed record Nonsense : DnsBehaviour;

    public sealed record ServerFailure : DnsBehaviour;
}

/// <summary>A DNS server (RFC 1035) on loopback for TXT questions; every name that is not set does not exist.</summary>
public sealed class DnsResponder : IAsyncDisposable
{
    private const int Header = 12;
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _loops;

    public DnsResponder()
    {
        (_udp, _tcp) = Listen();
        Port = ((IPEndPoint)_udp.Client.LocalEndPoint!).Port;
        _loops = [AnswerUdpAsync(), AnswerTcpAsync()];
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public ConcurrentDictionary<string, DnsBehaviour> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    // One number for both: what is free for one may be somebody's for the other.
    private static (UdpClient Udp, TcpListener Tcp) Listen()
    {
        while (true)
        {
            var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener(IPAddress.Loopback, ((IPEndPoint)udp.Client.LocalEndPoint!).Port);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Stop();
        foreach (var loop in _loops)
        {
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
    }

    private async Task AnswerUdpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var question = await _udp.ReceiveAsync(_stop.Token);
            if (Answer(question.Buffer, isTcp: false) is { } answer)
            {
                await _udp.SendAsync(answer, question.RemoteEndPoint, _stop.Token);
            }
        }
    }

    private async Task AnswerTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
            await using var stream = client.GetStream();
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, _stop.Token);
            var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(question, _stop.Token);
            if (Answer(question, isTcp: true) is { } answer)
            {
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync((byte[])[.. length, .. answer], _stop.Token);
            }
        }
    }

    private byte[]? Answer(byte[] question, bool isTcp)
    {
        var (name, end) = Name(question);
        if (!Names.TryGetValue(name, out var behaviour))
        {
            return Message(question, end, code: 3, []);
        }

        return behaviour switch
        {
            DnsBehaviour.Texts texts => Message(question, end, code: 0, texts.Values),
            DnsBehaviour.Truncated truncated => Message(question, end, code: 0, isTcp ? truncated.Values : [], truncated: !isTcp),
            DnsBehaviour.WrongId wrong => Renumbered(Message(question, end, code: 0, wrong.Values)),
            DnsBehaviour.Nonsense => [question[0], question[1], 0x81, 0x80, 0, 1, 0xff, 0xff, 0, 0, 0, 0, 0xc0, 0x0c],
            DnsBehaviour.ServerFailure => Message(question, end, code: 2, []),
            _ => null,
        };
    }

    private static byte[] Message(byte[] question, int end, byte code, string[] texts, bool truncated = false)
    {
        var answer = new List<byte>(question[..end]);
        answer[2] = (byte)(truncated ? 0x87 : 0x85);
        answer[3] = (byte)(0x80 | code);
        (answer[6], answer[7]) = (0, (byte)texts.Length);
        (answer[8], answer[9], answer[10], answer[11]) = (0, 0, 0, 0);
        foreach (var text in texts)
        {
            var data = Encoding.ASCII.GetBytes(text).Chunk(255).SelectMany(chunk => (byte[])[(byte)chunk.Length, .. chunk]).ToArray();
            answer.AddRange([0xc0, Header, 0, 16, 0, 1, 0, 0, 0, 1, (byte)(data.Length >> 8), (byte)data.Length, .. data]);
        }

        return [.. answer];
    }

    private static byte[] Renumbered(byte[] message) => [(byte)~message[0], .. message[1..]];

    private static (string Name, int End) Name(byte[] question)
    {
        var labels = new List<string>();
        var at = Header;
        while (question[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
            at += 1 + question[at];
        }

        return (string.Join('.', labels), at + 5);
    }
}
