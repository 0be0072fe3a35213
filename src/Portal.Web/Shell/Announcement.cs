using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Portal.Application;
using Portal.Application.KeyBroker;
using Portal.Application.Setup;
using Portal.Database;

namespace Portal.Web.Shell;

/// <summary>What the console is told: where the portal is, and what the first visitor needs.</summary>
internal static class Announcement
{
    public static async Task PrepareAsync(this WebApplication app)
    {
        // Before the host does, which would log a stack trace.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        await app.Services.GetRequiredService<DatabaseMigration>().RunAsync(app.Lifetime.ApplicationStopping);
        await app.Services.GetRequiredService<SystemKeyPreparation>().RunAsync(app.Lifetime.ApplicationStopping);
    }

    public static async Task AnnounceAsync(this WebApplication app)
    {
        var isWeb = app.Configuration.NodeRoles().HasFlag(NodeRoles.Web);
        foreach (var address in Addresses(app))
        {
            await Console.Out.WriteLineAsync(isWeb ? address : $"{address}/health/ready");
        }

        if (!isWeb)
        {
            return;
        }

        if (app.Configuration.IsDemo())
        {
            var password = app.Configuration["Portal:Demo:Password"];
            await Console.Out.WriteLineAsync($"Sign in as alice@example.test or bob@example.test, password {password}");
            await Console.Out.WriteLineAsync($"Everything is in {Path.GetFullPath(app.Configuration["Portal:DataDirectory"]!)}; delete it to begin anew.");
            return;
        }

        var setup = app.Services.GetRequiredService<InstallationSetup>();
        if (!await setup.IsDoneAsync(app.Lifetime.ApplicationStopping))
        {
            await Console.Out.WriteLineAsync($"Not set up yet. One-time code: {setup.Code}");
        }
    }

    /// <summary>Loopback addresses are shown as localhost, since passkeys refuse an IP address.</summary>
    private static IEnumerable<string> Addresses(WebApplication app)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var metrics = app.Services.GetRequiredService<IOptions<TelemetryOptions>>().Value.MetricsPort;
        return bound.Where(address => BindingAddress.Parse(address).Port != metrics).Select(address => address
                .Replace("127.0.0.1", "localhost", StringComparison.Ordinal)
                .Replace("[::1]", "localhost", StringComparison.Ordinal)
                .Replace("[::]", "localhost", StringComparison.Ordinal)
                .Replace("0.0.0.0", "localhost", StringComparison.Ordinal))
            .Distinct();
    }
}
