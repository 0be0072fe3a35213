using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Accounts;
using Portal.Application.Work;

namespace Portal.Application.Certificates;

internal static class CertificateServices
{
    public static IServiceCollection AddCertificates(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PublicationOptions>()
            .Bind(configuration.GetSection(PublicationOptions.Section))
            .Validate(options => options.IsValid(), "Portal:Certificates:PublicationAddress has to begin with http://.")
            .Validate(options => options.PublicAuthorities is not { Length: > 0 } file || PublicAuthorities.Read(file) is { Count: > 0 }, "Portal:Certificates:PublicAuthorities names no file of certificates in PEM.")
            .ValidateOnStart();
        services.AddSingleton<Publication>();
        services.AddSingleton<RevocationPartitions>();
        services.AddSingleton<RevocationLists>();
        services.AddSingleton<CertificateChains>();
        services.AddSingleton<ResponderCertificates>();
        services.AddSingleton(provider => new OcspAnswers(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Certification>();
        services.AddSingleton<CertificateAuthority>();
        services.AddSingleton<PersonCertificates>();
        services.AddSingleton<PublicAuthorities>();
        services.AddSingleton<NoticePairs>();
        services.AddSingleton<IWorkHandler, RevocationListWork>();
        services.AddSingleton(provider => new CertificateDesk(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<Publication>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new PublishedFiles(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<IDirectory>()));
        services.AddSingleton(provider => new CertificateRevocation(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
