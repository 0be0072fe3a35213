using Microsoft.Extensions.DependencyInjection;
using Portal.Application.AtRest;
using Portal.Application.Transport;

namespace Portal.Application.Mailboxes;

internal static class MailboxServices
{
    public static IServiceCollection AddMailboxes(this IServiceCollection services)
    {
        services.AddSingleton(provider => new MailboxReading(provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<DataKeys>()));
        services.AddSingleton(provider => new MailAccounts(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<MailAccountStore>(),
            provider.GetRequiredService<ConnectionTest>()));
        return services;
    }
}
