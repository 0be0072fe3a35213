namespace Portal.Application.Telemetry;

/// <summary>What a host subscribes to.</summary>
public static class TelemetryNames
{
    /// <summary>Of the <see cref="System.Diagnostics.ActivitySource"/> behind the portal's spans.</summary>
    public const string Spans = "Portal";

    /// <summary>Of the <see cref="System.Diagnostics.Metrics.Meter"/> behind its figures.</summary>
    public const string Figures = "Portal";
}
