namespace Portal.Web.Shell;

/// <summary>What the portal says about itself to those who run it.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = "Portal:Telemetry";

    /// <summary>Where traces, figures and logs are sent by OTLP, such as http://collector:4317. OTEL_EXPORTER_OTLP_ENDPOINT says it as well; the standard's other variables hold too.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>Where /metrics is answered for Prometheus, such as http://127.0.0.1:9464: an address of its own, never one that pages have. Nothing is answered unless it is set.</summary>
    public string? MetricsAddress { get; init; }

    /// <summary>Addresses that are written as the server understands them.</summary>
    public bool IsValid() => (string.IsNullOrEmpty(OtlpEndpoint) || Uri.IsWellFormedUriString(OtlpEndpoint, UriKind.Absolute)) && IsAddress(MetricsAddress);

    public int? MetricsPort => string.IsNullOrEmpty(MetricsAddress) ? null : BindingAddress.Parse(MetricsAddress).Port;

    private static bool IsAddress(string? address)
    {
        if (string.IsNullOrEmpty(address))
        {
            return true;
        }

        try
        {
            return BindingAddress.Parse(address) is { Port: > 0, Scheme: "http" };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
