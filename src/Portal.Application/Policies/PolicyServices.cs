using Microsoft.Extensions.DependencyInjection;

namespace Portal.Application.Policies;

internal static class PolicyServices
{
    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton(provider => new OutgoingRules(provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
