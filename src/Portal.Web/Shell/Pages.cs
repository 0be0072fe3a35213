using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.SignalR;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Portal.Web.Shell;

internal static class Pages
{
    public static IServiceCollection AddPages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.Configure<CircuitOptions>(options =>
        {
            options.DetailedErrors = false;
            options.DisconnectedCircuitMaxRetained = configuration.GetValue("Portal:Session:RetainedCircuits", 50);
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
        });
        services.Configure<HubOptions>(options =>
        {
            options.MaximumReceiveMessageSize = 32 * 1024;
            options.EnableDetailedErrors = false;
        });
        services.AddFluentUIComponents();
        services.AddHttpContextAccessor();
        services.AddScoped<BrowserTime>();
        return services;
    }
}
