using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Telemetry;

namespace Portal.Application.Tests.Database;

/// <summary>Figures that nobody reads.</summary>
internal static class Unread
{
    public static Figures Figures { get; } =
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
