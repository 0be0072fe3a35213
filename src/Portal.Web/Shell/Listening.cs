namespace Portal.Web.Shell;

/// <summary>Loopback unless the operator names addresses.</summary>
internal static class Listening
{
    private const string DefaultAddress = "http://localhost:5080";

    public static void AddListening(this WebApplicationBuilder builder)
    {
        // From a build, styles of components lie beside their sources; a published portal has them in wwwroot.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (!IsNamed(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        if (builder.Configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.MetricsAddress)}"] is { Length: > 0 } metrics)
        {
            ListenTo(builder, metrics);
        }
    }

    /// <summary>As a browser on this machine names it.</summary>
    public static string FirstAddress(IConfiguration configuration) =>
        (configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls ? urls.Split(';')[0] : DefaultAddress)
            .Replace("127.0.0.1", "localhost", StringComparison.Ordinal)
            .Replace("*", "localhost", StringComparison.Ordinal)
            .Replace("+", "localhost", StringComparison.Ordinal);

    // Besides what is named: the server takes its addresses from one place only.
    private static void ListenTo(WebApplicationBuilder builder, string address)
    {
        var configuration = builder.Configuration;
        if (configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            configuration["Kestrel:Endpoints:PortalMetrics:Url"] = address;
            return;
        }

        var named = configuration[WebHostDefaults.ServerUrlsKey];
        builder.WebHost.UseUrls([
            .. string.IsNullOrEmpty(named)
                ? [.. Ports(configuration["HTTP_PORTS"], "http"), .. Ports(configuration["HTTPS_PORTS"], "https")]
                : named.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            address,
        ]);
    }

    private static IEnumerable<string> Ports(string? ports, string scheme) =>
        (ports ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(port => $"{scheme}://*:{port}");

    private static bool IsNamed(ConfigurationManager configuration) =>
        !string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey])
        || !string.IsNullOrEmpty(configuration["HTTP_PORTS"])
        || !string.IsNullOrEmpty(configuration["HTTPS_PORTS"])
        || configuration.GetSection("Kestrel:Endpoints").Exists();
}
