using Microsoft.Extensions.DependencyInjection;
using Portal.Application.AtRest;
using Portal.Application.Policies;
using Portal.Application.Trust;
using Portal.Application.Work;

namespace Portal.Application.Inbox;

internal static class InboxServices
{
    public static IServiceCollection AddInbox(this IServiceCollection services)
    {
        services.AddSingleton<IWorkHandler, ArrivalWork>();
        services.AddSingleton<IWorkHandler, FetchWork>();
        services.AddSingleton<IWorkHandler, WatchWork>();
        services.AddSingleton<IWorkHandler, JudgeAgainWork>();
        services.AddSingleton<IWorkHandler, JudgeAfterDecisionWork>();
        services.AddSingleton<IWorkHandler, RecheckWork>();
        services.AddSingleton<JudgingAgain>();
        services.AddSingleton<SignatureJudgements>();
        services.AddSingleton<MailWatch>();
        services.AddSingleton<MailWatching>();
        services.AddSingleton<Reopening>();
        services.AddSingleton(provider => new MessageReading(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<Reopening>(),
            provider.GetRequiredService<SealedBlobs>(),
            provider.GetRequiredService<AttachmentDownloads>()));
        services.AddSingleton<AttachmentDownloads>();
        services.AddSingleton(provider => new Rechecking(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<SealedBlobs>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<TrustStores>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SenderListing(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<DataKeys>(), provider.GetRequiredService<IncomingLists>()));
        services.AddSingleton(provider => new IncomingTrial(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<IncomingLists>()));
        return services;
    }
}
