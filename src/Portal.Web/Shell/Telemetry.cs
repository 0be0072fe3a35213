using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Portal.Application.Telemetry;

namespace Portal.Web.Shell;

/// <summary>Traces, figures and logs for whoever runs the portal. Where nobody is named to read them, nothing is collected.</summary>
internal static class Telemetry
{
    private const string Circuits = "Microsoft.AspNetCore.Components.Server.Circuits";

    private static readonly string[] StandardEndpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    // They write down addresses of pages, and a link's address holds its secret.
    private static readonly string[] Talkative = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.StaticAssets", "Microsoft.AspNetCore.Server.Kestrel.BadRequests"];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        foreach (var category in Talkative)
        {
            builder.Logging.AddFilter(category, LogLevel.Warning);
        }

        var section = builder.Configuration.GetSection(TelemetryOptions.Section);
        builder.Services.AddOptions<TelemetryOptions>()
            .Bind(section)
            .Validate(options => options.IsValid(), $"{TelemetryOptions.Section}: an address looks like http://127.0.0.1:9464.")
            .ValidateOnStart();
        var options = section.Get<TelemetryOptions>() ?? new TelemetryOptions();
        var sends = options.OtlpEndpoint is { Length: > 0 } || StandardEndpoints.Any(name => builder.Configuration[name] is { Length: > 0 });
        var answers = options.MetricsAddress is { Length: > 0 };
        if (!options.IsValid() || (!sends && !answers))
        {
            return;
        }

        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("portal"));
        telemetry.WithMetrics(metrics => Collect(metrics, answers));
        if (sends)
        {
            telemetry.WithTracing(Collect);
            telemetry.WithLogging(null, logging => logging.IncludeFormattedMessage = true);
            if (options.OtlpEndpoint is { Length: > 0 } endpoint)
            {
                builder.Configuration[StandardEndpoints[0]] = endpoint;
            }

            telemetry.UseOtlpExporter();
        }
    }

    /// <summary>First of all: what comes in by the address for figures gets figures and nothing else, and nobody gets them elsewhere.</summary>
    public static void UseMetrics(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<TelemetryOptions>>().Value.MetricsPort is { } port)
        {
            app.MapWhen(
                context => context.Connection.LocalPort == port,
                branch => branch.UseOpenTelemetryPrometheusScrapingEndpoint().Run(NothingElse));
        }
    }

    private static Task NothingElse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    // The framework's own meters: requests by route template, connections, open circuits, memory. Their tags name our code, not mail.
    private static void Collect(MeterProviderBuilder metrics, bool answers)
    {
        metrics.AddMeter(TelemetryNames.Figures, Circuits, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime");
        if (answers)
        {
            metrics.AddPrometheusExporter();
        }
    }

    // Requests are the parents of our spans. The source's own tags are left to the instrumentation package, which is not here: paths stay out.
    private static void Collect(TracerProviderBuilder tracing) => tracing.AddSource(TelemetryNames.Spans, "Microsoft.AspNetCore");
}
