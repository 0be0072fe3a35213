using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Application.Brands;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Outbox;
using Portal.Application.SecureLinks.Answers;
using Portal.Application.Trust;
using Portal.Application.Work;

namespace Portal.Application.SecureLinks;

internal static class SecureLinkServices
{
    public static IServiceCollection AddSecureLinks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SecureLinkOptions>().Bind(configuration.GetSection(SecureLinkOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Readers>();
        services.AddSingleton<LinkNotices>();
        services.AddSingleton<Sharing>();
        services.AddSingleton<IWorkHandler, SharingWork>();
        services.AddSingleton<Reminding>();
        services.AddSingleton<IWorkHandler, ReminderWork>();
        services.AddSingleton<IWorkHandler, ReaderLinkWork>();
        services.AddSingleton(provider => new ReaderSessions(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<IOptions<SecureLinkOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReaderEntry(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<Notices>(),
            provider.GetRequiredService<LinkNotices>(),
            provider.GetRequiredService<ReaderSessions>(),
            provider.GetRequiredService<BrandReading>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReadersLinks>();
        services.AddSingleton(provider => new LinkReading(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<ReadersLinks>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new GroupReading(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<ReadersLinks>(),
            provider.GetRequiredService<Readers>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LinkContents(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<ReadersLinks>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<SealedBlobs>(),
            provider.GetRequiredService<AttachmentDownloads>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReaderExport(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<BrandReading>(),
            provider.GetRequiredService<ReaderSessions>(),
            provider.GetRequiredService<LinkReading>(),
            provider.GetRequiredService<LinkContents>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CertificateNotices>();
        services.AddSingleton(provider => new ReaderCertificates(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<CorrespondentKeeping>(),
            provider.GetRequiredService<RecipientCertificates>(),
            provider.GetRequiredService<WaitingAuthorities>(),
            provider.GetRequiredService<CertificateNotices>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SentLinks(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<DataKeys>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LinkControl(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<Reminding>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AnswerRecipients>();
        services.AddSingleton(provider => new ReaderDrafts(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<ReadersLinks>(),
            provider.GetRequiredService<LinkContents>(),
            provider.GetRequiredService<AnswerRecipients>(),
            provider.GetRequiredService<IOptions<SecureLinkOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReaderFiles(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<SealedBlobs>(),
            provider.GetRequiredService<FileIntake>(),
            provider.GetRequiredService<Quotas.Quotas>(),
            provider.GetRequiredService<IOptions<SecureLinkOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Answering(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<SealedBlobs>(),
            provider.GetRequiredService<Quotas.Quotas>(),
            provider.GetRequiredService<ReadersLinks>(),
            provider.GetRequiredService<ReaderDrafts>(),
            provider.GetRequiredService<AnswerRecipients>(),
            provider.GetRequiredService<Departing>(),
            provider.GetRequiredService<IOptions<SecureLinkOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReaderApps(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<BrandReading>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReaderPasskeys(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<BrandReading>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new PasskeyEntry(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<ReaderSessions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReaderDevices(provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReaderAccount(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<BrandReading>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReaderBrands(provider.GetRequiredService<IDirectory>(), provider.GetRequiredService<BrandReading>()));
        services.AddSingleton(provider => new NoticePreview(provider.GetRequiredService<IOptions<PublicAddressOptions>>()));
        services.AddSingleton(provider => new NoticeChecking(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<LargeFiles.LargeFiles>(),
            provider.GetRequiredService<BrandReading>(),
            provider.GetRequiredService<IOptions<PublicAddressOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
