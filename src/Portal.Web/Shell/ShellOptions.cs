namespace Portal.Web.Shell;

/// <summary>How this node is reached.</summary>
internal sealed class ShellOptions
{
    public const string Section = "Portal";

    /// <summary>Addresses or networks of what ends TLS in front of the portal, comma-separated: 10.0.0.5, 172.16.0.0/12. Only these are believed who asks, and that it was https.</summary>
    public string? Proxies { get; init; }

    /// <summary>Two people with mail, as --demo makes them.</summary>
    public bool Demo { get; init; }
}

/// <summary>The demo's people.</summary>
internal sealed class DemoOptions
{
    public const string Section = "Portal:Demo";

    /// <summary>Of both; a new one at each start unless set.</summary>
    public string? Password { get; init; }
}
