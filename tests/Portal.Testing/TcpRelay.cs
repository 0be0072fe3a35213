using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Portal.Testing;

/// <summary>Stands between a client and a server, and lets the network go wrong on demand.</summary>
public sealed class TcpRelay(int target) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Connection> _connections = new();
    private TcpListener? _listener;
    private Task _loop = Task.CompletedTask;

    public int Port { get; private set; }

    /// <summary>Open now.</summary>
    public int Count => _connections.Count;

    /// <summary>Changes what the server says, in place.</summary>
    public Action<Memory<byte>> Alter { get; init; } = _ => { };

    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync(_listener);
    }

    /// <summary>As a server that is restarted: whoever is connected is cut off, and nobody listens.</summary>
    public async Task CloseAsync()
    {
        _listener?.Stop();
        await _loop;
        Cut();
    }

    /// <summary>Every connection ends; new ones are taken.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Dispose();
        }
    }

    /// <summary>Every connection stays open and nothing goes through it any more; new ones work.</summary>
    public void Silence()
    {
        foreach (var connection in _connections.Values)
        {
            connection.IsSilent = true;
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private sealed class Connection(TcpClient client, TcpClient server) : IDisposable
    {
        public volatile bool IsSilent;

        public TcpClient Client => client;

        public TcpClient Server => server;

        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, target);
                _ = ServeAsync(new Connection(client, server));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        var id = Guid.NewGuid();
        _connections[id] = connection;
        using (connection)
        {
            var (client, server) = (connection.Client.GetStream(), connection.Server.GetStream());
            await Task.WhenAny(PumpAsync(client, server, connection, _ => { }), PumpAsync(server, client, connection, Alter));
        }

        _connections.TryRemove(id, out _);
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, Connection connection, Action<Memory<byte>> alter)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                if (!connection.IsSilent)
                {
                    alter(buffer.AsMemory(0, count));
                    await to.WriteAsync(buffer.AsMemory(0, count));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
