using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Portal.Web.Shell;

/// <summary>What ends TLS in front of the portal. Only these may say who asks, and that it was https.</summary>
internal static class Proxies
{
    private const string Setting = $"{ShellOptions.Section}:{nameof(ShellOptions.Proxies)}";

    /// <exception cref="InvalidOperationException">Something there is neither an address nor a network.</exception>
    public static void UseProxies(this WebApplication app)
    {
        var networks = Networks(app.Configuration[Setting]);
        if (networks.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }

    public static IReadOnlyList<System.Net.IPNetwork> Networks(string? setting) =>
        [.. (setting ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Network)];

    private static System.Net.IPNetwork Network(string words)
    {
        if (System.Net.IPNetwork.TryParse(words, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(words, out var address)
            ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new InvalidOperationException($"{Setting} names \"{words}\", which is neither an address nor a network.");
    }
}
