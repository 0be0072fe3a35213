using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Certificates;
using Portal.Application.Compose;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;
using Portal.Application.Setup.Demo;

namespace Portal.Application.Setup;

internal static class SetupServices
{
    public static IServiceCollection AddSetup(this IServiceCollection services)
    {
        services.AddSingleton<Founding>();
        services.AddSingleton<Enrolment>();
        services.AddSingleton(provider => new InstallationSetup(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<Founding>(),
            provider.GetRequiredService<Enrolment>()));
        services.AddSingleton(provider => new OrganisationFounding(
            provider.GetRequiredService<Founding>(), provider.GetRequiredService<OrganisationNames>(), provider.GetRequiredService<SystemKey>()));
        services.AddSingleton<DemoArrivals>();
        services.AddSingleton(provider => new DemoSeeding(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<Founding>(),
            provider.GetRequiredService<Enrolment>(),
            provider.GetRequiredService<TrustedAuthorities>(),
            provider.GetRequiredService<OrganisationPolicies>(),
            provider.GetRequiredService<DemoArrivals>(),
            provider.GetRequiredService<Drafts>(),
            provider.GetRequiredService<Sending>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
