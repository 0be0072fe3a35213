using Microsoft.Extensions.DependencyInjection;
using Portal.Application.AtRest;
using Portal.Application.Domains;
using Portal.Application.Organisations;
using Portal.Application.Protection;

namespace Portal.Application.Compose;

internal static class ComposeServices
{
    public static IServiceCollection AddCompose(this IServiceCollection services)
    {
        services.AddSingleton<Replying>();
        services.AddSingleton<MessageComposition>();
        services.AddSingleton<Posting>();
        services.AddSingleton(provider => new Drafts(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<SealedBlobs>(),
            provider.GetRequiredService<Quotas.Quotas>(),
            provider.GetRequiredService<Replying>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Sending(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<OrganisationPolicies>(),
            provider.GetRequiredService<Drafts>(),
            provider.GetRequiredService<RecipientPlanning>(),
            provider.GetRequiredService<MessageComposition>(),
            provider.GetRequiredService<MessageProtection>(),
            provider.GetRequiredService<Posting>(),
            provider.GetRequiredService<SenderDomains>(),
            provider.GetRequiredService<Quotas.Quotas>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
