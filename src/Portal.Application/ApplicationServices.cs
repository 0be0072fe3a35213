using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Backups;
using Portal.Application.Brands;
using Portal.Application.Certificates;
using Portal.Application.Checkpoints;
using Portal.Application.Checks;
using Portal.Application.Compose;
using Portal.Application.Domains;
using Portal.Application.Inbox;
using Portal.Application.KeyBroker;
using Portal.Application.KeyManagement;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Notifications;
using Portal.Application.Organisations;
using Portal.Application.Outbox;
using Portal.Application.Policies;
using Portal.Application.Protection;
using Portal.Application.Quotas;
using Portal.Application.SecureLinks;
using Portal.Application.Setup;
using Portal.Application.Sweeping;
using Portal.Application.Telemetry;
using Portal.Application.Transport;
using Portal.Application.Trust;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application;

/// <summary>Everything that the portal can do; the host adds a database and key stores.</summary>
public static class ApplicationServices
{
    public static IServiceCollection AddPortalApplication(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddSingleton<Figures>();
        services.AddSingleton<PortalDatabase>();
        services.AddKeys(configuration);
        services.AddAccounts(configuration);
        services.AddMail(configuration);
        services.AddSetup(configuration);
        services.AddSingleton(provider => new InstallationCheck(provider));
        if (configuration.NodeRoles().HasFlag(NodeRoles.Worker))
        {
            // Stopped in the opposite order: what is watched is given back when nobody claims it here any more.
            services.AddHostedService(provider => provider.GetRequiredService<MailWatching>());
            services.AddHostedService<Worker>();
            services.AddHostedService<BacklogReading>();
        }

        return services;
    }

    private static void AddKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<KeyStoreOptions>().Bind(configuration.GetSection(KeyStoreOptions.Section));
        services.AddSingleton(provider => new OrganisationNames(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<IDirectory>()));
        services.AddSingleton(provider => new OrganisationPolicies(provider.GetRequiredService<PortalDatabase>()));
        services.AddSingleton(provider => new OwnOrganisation(provider.GetRequiredService<PortalDatabase>()));
        services.AddSingleton(provider => new OrganisationUse(provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<Quotas.Quotas>()));
        services.AddSingleton<Quotas.Quotas>();
        services.AddSingleton<ISealedKeyStorage, SealedKeyStorage>();
        services.AddSingleton<ConfiguredKeyStores>();
        services.AddSingleton<IKeyStores>(provider => provider.GetRequiredService<ConfiguredKeyStores>());
        services.AddSingleton<KeyBroker.KeyBroker>();
        services.AddSingleton<SystemKey>();
        services.AddSingleton<InstallationSigning>();
        services.AddSingleton(provider => new SystemKeyPreparation(provider.GetRequiredService<SystemKey>()));
        services.AddDataProtection().SetApplicationName("portal");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new ProtectionKeyRing(provider.GetRequiredService<PortalDatabase>());
            options.XmlEncryptor = new SystemKeyXmlEncryptor(provider.GetRequiredService<SystemKey>());
        }));
        services.AddSingleton<DataKeys>();
        services.AddSingleton<SealedBlobs>();
        services.AddSingleton(provider => new AuditVerification(provider.GetRequiredService<PortalDatabase>()));
        services.AddSingleton(provider => new AuditExport(provider.GetRequiredService<PortalDatabase>()));
        services.AddSingleton(provider => new PortalHealth(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<ConfiguredKeyStores>()));
    }

    private static void AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WorkOptions>().Bind(configuration.GetSection(WorkOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddCheckpoints(configuration);
        services.AddBackups();
        services.AddOptions<QuotaOptions>().Bind(configuration.GetSection(QuotaOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddDomains(configuration);
        services.AddBrands();
        services.AddCertificates(configuration);
        services.AddPolicies();
        services.AddTransport(configuration);
        services.AddTrust();
        services.AddSingleton<MailboxNews>();
        services.AddMailboxes();
        services.AddOutbox(configuration);
        services.AddApprovals();
        services.AddKeyManagement();
        services.AddSingleton<RecipientPlanning>();
        services.AddSingleton<MessageProtection>();
        services.AddLargeFiles();
        services.AddInbox();
        services.AddSecureLinks(configuration);
        services.AddCompose();
        services.AddSweeping(configuration);
    }
}
