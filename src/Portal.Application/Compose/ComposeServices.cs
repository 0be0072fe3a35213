using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Domains;
using Portal.Application.LargeFiles;
using Portal.Application.Protection;
using Portal.Application.Work;

namespace Portal.Application.Compose;

internal static class ComposeServices
{
    public static IServiceCollection AddCompose(this IServiceCollection services)
    {
        services.AddSingleton<Replying>();
        services.AddSingleton<MessageComposition>();
        services.AddSingleton<OutgoingPlanning>();
        services.AddSingleton<Posting>();
        services.AddSingleton(provider => new Drafts(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<DraftFiles>(),
            provider.GetRequiredService<Replying>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DraftFiles(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<SealedBlobs>(),
            provider.GetRequiredService<FileIntake>(),
            provider.GetRequiredService<Quotas.Quotas>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OutgoingTrial(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<OutgoingPlanning>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Sending(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<OutgoingPlanning>(),
            provider.GetRequiredService<Departing>(),
            provider.GetRequiredService<MessageComposition>(),
            provider.GetRequiredService<MessageProtection>(),
            provider.GetRequiredService<Posting>(),
            provider.GetRequiredService<SenderDomains>(),
            provider.GetRequiredService<Quotas.Quotas>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Scheduling(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<Sending>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IWorkHandler, ScheduledWork>();
        return services;
    }
}
