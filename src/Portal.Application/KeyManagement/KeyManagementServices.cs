using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.AtRest;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.Outbox;
using Portal.Application.Trust;
using Portal.Application.Work;

namespace Portal.Application.KeyManagement;

internal static class KeyManagementServices
{
    public static IServiceCollection AddKeyManagement(this IServiceCollection services)
    {
        services.AddSingleton<IWorkHandler, KeyDestructionWork>();
        services.AddSingleton<IWorkHandler, RestingKeyWork>();
        services.AddSingleton<CertificateAlerts>();
        services.AddSingleton<CertificateRenewal>();
        services.AddSingleton<IWorkHandler>(provider => provider.GetRequiredService<CertificateRenewal>());
        services.AddSingleton(provider => new KeyStoreChoosing(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<ConfiguredKeyStores>(), provider.GetRequiredService<LiveSessions>()));
        services.AddSingleton(provider => new KeyDesk(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<ConfiguredKeyStores>(),
            provider.GetRequiredService<FourEyes>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new KeyReplacing(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<CertificateAuthority>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<LiveSessions>()));
        services.AddSingleton(provider => new PairImporting(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<OutsidePairs>(),
            provider.GetRequiredService<Gathering>(),
            provider.GetRequiredService<PairFileReading>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new NoticeCertificates(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<PairFileReading>(),
            provider.GetRequiredService<PublicAuthorities>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PairFileReading>();
        services.AddSingleton<OutsidePairs>();
        services.AddSingleton<RequestWithdrawing>();
        services.AddSingleton<IEnrolmentConnector, ManualEnrolment>();
        services.AddSingleton(provider => new OutsideEnrolment(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<CertificateAuthority>(),
            provider.GetRequiredService<RequestWithdrawing>(),
            provider.GetRequiredService<OutsidePairs>(),
            provider.GetRequiredService<Gathering>(),
            provider.GetRequiredService<IEnrolmentConnector>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IWorkHandler, KeysMayLeaveWork>();
        services.AddSingleton(provider => new KeyExporting(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<FourEyes>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<Notices>()));
        services.AddSingleton(provider => new OwnCertificates(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<KeyReplacing>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IWorkHandler, Reissuing>();
        services.AddSingleton<IWorkHandler, IssuanceWork>();
        services.AddSingleton(provider => new Issuance(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<LiveSessions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Authorities(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<CertificateAuthority>(),
            provider.GetRequiredService<RequestWithdrawing>(),
            provider.GetRequiredService<ConfiguredKeyStores>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new KeySwitching(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<KeyBroker.KeyBroker>(), provider.GetRequiredService<LiveSessions>()));
        services.AddSingleton(provider => new KeyDestruction(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<FourEyes>(),
            provider.GetRequiredService<Notices>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
