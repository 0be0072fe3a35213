using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Nodes that serve pages or work, each a process of its own, killed one after the other at moments that a seed decides.</summary>
internal sealed class KilledNodes : IAsyncDisposable
{
    private readonly List<PortalProcess> _nodes = [];
    private readonly List<Task> _starting = [];
    private readonly int[] _weights;
    private ulong _state;

    // Workers twice as often: they have more to lose.
    private KilledNodes(string[] roles, ulong seed) =>
        (_weights, _state) = ([.. roles.SelectMany((role, index) => Enumerable.Repeat(index, role == "Worker" ? 2 : 1))], seed);

    public int Kills { get; private set; }

    /// <param name="portal">On the same database, with the same master key.</param>
    /// <param name="roles">Of each, Web or Worker.</param>
    /// <param name="seed">Of every choice.</param>
    public static async Task<KilledNodes> StartAsync(TestPortal portal, string[] roles, ulong seed)
    {
        var nodes = new KilledNodes(roles, seed);
        try
        {
            foreach (var role in roles)
            {
                nodes._nodes.Add(await PortalProcess.StartAsync(Settings(portal, role)));
                nodes._starting.Add(Task.CompletedTask);
            }

            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Some time between now and then, one of them is gone, and begins again at once.</summary>
    public async Task KillOneAsync(TimeSpan within)
    {
        await Task.Delay(within * (Next(1000) / 1000.0));

        await Task.WhenAny(_starting);
        await Task.WhenAll(_starting.Where(one => one.IsFaulted));

        // Who is still starting is let.
        int[] running = [.. _weights.Where(one => _starting[one].IsCompletedSuccessfully)];
        var which = running[Next(running.Length)];
        await _nodes[which].KillAsync();
        Kills++;
        _starting[which] = _nodes[which].StartAsync();
    }

    public Task AllRunAsync() => Task.WhenAll(_starting);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    // Knuth's MMIX generator: a failure can be repeated from its seed.
    private int Next(int below)
    {
        _state = unchecked((_state * 6364136223846793005UL) + 1442695040888963407UL);
        return (int)((_state >> 33) % (ulong)below);
    }

    private static Dictionary<string, string> Settings(TestPortal portal, string role) => new(portal.ProcessSettings)
    {
        ["Portal__Roles"] = role,
        ["Portal__Transport__Kind"] = "Smtp",
        ["Portal__Transport__RelayHost"] = "127.0.0.1",
        ["Portal__Transport__RelayPort"] = $"{TestServers.SmtpPort}",
        ["Portal__Transport__RelayTls"] = "None",
        ["Portal__Outbox__FirstRetry"] = "00:00:00.5",
        ["Portal__Work__Lease"] = "00:00:04",

        // Nobody lives long enough here for it to pay.
        ["DOTNET_TieredPGO"] = "0",
    };
}
