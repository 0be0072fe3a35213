using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application.Work;

namespace Portal.Application.Domains;

internal static class DomainServices
{
    public static IServiceCollection AddDomains(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DomainOptions>()
            .Bind(configuration.GetSection(DomainOptions.Section))
            .ValidateDataAnnotations()
            .Validate(options => options.Endpoints() is not null, $"{DomainOptions.Section}:{nameof(DomainOptions.Servers)} has to be IP addresses, with or without a port.")
            .ValidateOnStart();
        services.AddSingleton<TextRecords>();
        services.AddSingleton<DomainStore>();
        services.AddSingleton<DomainLooking>();
        services.AddSingleton<SenderDomains>();
        services.AddSingleton<OutgoingSignatures>();
        services.AddSingleton<IWorkHandler, DomainWork>();
        services.AddSingleton(provider => new DomainSigning(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<TextRecords>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OrganisationDomains(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DomainStore>(),
            provider.GetRequiredService<DomainLooking>(),
            provider.GetRequiredService<IOptions<DomainOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
