using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Portal.Application.Transport;

/// <summary>
/// Which machines people may have the portal connect to: public ones, and of its own networks those that its operator names.
/// Names are judged by what they lead to, at the moment of connecting.
/// </summary>
internal sealed class Reach(IOptions<TransportOptions> options)
{
    // RFC 6890 and its successors: whatever is not reached over the public Internet, or leads elsewhere by translation.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
            "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private readonly Lazy<IReadOnlyList<IPNetwork>> _own = new(() => Networks(options.Value.OwnNetworks) ?? []);

    /// <returns>Null for what is no list of networks in CIDR notation.</returns>
    public static IReadOnlyList<IPNetwork>? Networks(string list)
    {
        var networks = new List<IPNetwork>();
        foreach (var word in list.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IPNetwork.TryParse(word, out var network))
            {
                return null;
            }

            networks.Add(network);
        }

        return networks;
    }

    /// <exception cref="SocketException">There is no such name.</exception>
    /// <exception cref="OutOfReachException">It leads nowhere that people may have the portal go.</exception>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        var found = await Dns.GetHostAddressesAsync(host, cancellationToken);
        if (found.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var allowed = Array.FindAll(found, IsAllowed);
        return allowed.Length > 0 ? allowed : throw new OutOfReachException();
    }

    /// <summary>The caller disposes the socket.</summary>
    /// <exception cref="SocketException">Nothing listens there, or there is no such name.</exception>
    /// <exception cref="OutOfReachException">It leads nowhere that people may have the portal go.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await FindAsync(host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !NotPublic.Any(network => network.Contains(plain)) || _own.Value.Any(network => network.Contains(plain));
    }
}

/// <summary>The place asked for is in a network of the portal's own.</summary>
internal sealed class OutOfReachException() : IOException("The address is in a network that is not opened to accounts.");
