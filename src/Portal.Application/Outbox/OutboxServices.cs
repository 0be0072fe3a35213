using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Work;

namespace Portal.Application.Outbox;

internal static class OutboxServices
{
    public static IServiceCollection AddOutbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OutboxOptions>().Bind(configuration.GetSection(OutboxOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LocalDelivery>();
        services.AddSingleton<IMailboxesHere>(provider => provider.GetRequiredService<LocalDelivery>());
        services.AddSingleton<NoticeSigning>();
        services.AddSingleton<Notices>();
        services.AddSingleton<FailureNotices>();
        services.AddSingleton(provider => new OutboxQueue(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<FailureNotices>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IWorkHandler, Dispatch>();
        return services;
    }
}
