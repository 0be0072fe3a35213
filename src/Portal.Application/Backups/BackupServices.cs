using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.Backups;

internal static class BackupServices
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddSingleton(provider => new BackingUp(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<IDatabaseBackup>(),
            provider.GetService<IMasterKeyPlace>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Restoring(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDatabaseBackup>(),
            provider.GetService<IMasterKeyPlace>(),
            provider.GetRequiredService<AuditVerification>(),
            provider.GetRequiredService<SystemKey>(),
            provider.GetRequiredService<IConfiguration>()));
        return services;
    }
}
