using Microsoft.Extensions.DependencyInjection;
using Portal.Application.AtRest;

namespace Portal.Application.Policies;

internal static class PolicyServices
{
    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton(provider => new OutgoingRules(provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new IncomingLists(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<DataKeys>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ListTransfer(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<DataKeys>(), provider.GetRequiredService<IncomingLists>()));
        return services;
    }
}
