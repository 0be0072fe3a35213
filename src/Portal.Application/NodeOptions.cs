using Microsoft.Extensions.Configuration;

namespace Portal.Application;

/// <summary>What one process of the portal is.</summary>
internal sealed class NodeOptions
{
    public const string Section = "Portal";

    /// <summary>Where SQLite's file, the master key file and the demo's pick-up directory are; unless set, "portal" in the user's local application data.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Web, Worker or Web,Worker: pages, or the list of work, or both.</summary>
    public string Roles { get; init; } = "Web,Worker";

    public static NodeOptions Read(IConfiguration configuration) => configuration.GetSection(Section).Get<NodeOptions>() ?? new NodeOptions();
}
