using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Work;

namespace Portal.Application.Certificates;

internal static class CertificateServices
{
    public static IServiceCollection AddCertificates(this IServiceCollection services)
    {
        services.AddSingleton<CertificateAuthority>();
        services.AddSingleton<TrustStores>();
        services.AddSingleton<PersonCertificates>();
        services.AddSingleton<RecipientCertificates>();
        services.AddSingleton<Harvesting>();
        services.AddSingleton<IWorkHandler, RevocationListWork>();
        services.AddSingleton(provider => new TrustedAuthorities(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CertificateRevocation(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
