using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Microsoft.FluentUI.AspNetCore.Components;
using Portal.Web.Accounts;

namespace Portal.Web.Shell;

internal static class Pages
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddOptions<CircuitOptions>().Configure<IOptions<OpenPageOptions>>((options, pages) =>
        {
            options.DetailedErrors = false;
            options.DisconnectedCircuitMaxRetained = pages.Value.RetainedCircuits;
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
        services.AddScoped<Toasts>();
        services.AddSingleton<Faults>();
        return services;
    }
}
