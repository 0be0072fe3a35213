using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.AtRest;
using Portal.Application.Transport;
using Portal.Application.Work;

namespace Portal.Application.Trust;

internal static class TrustServices
{
    public static IServiceCollection AddTrust(this IServiceCollection services)
    {
        // No logs of its own: an address may carry what is nobody's business.
        services.AddHttpClient(PublicFetcher.Client, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                MaxResponseHeadersLength = 16,
                ConnectCallback = async (connection, cancellationToken) =>
                    new NetworkStream(await provider.GetRequiredService<Reach>().ConnectAsync(connection.DnsEndPoint.Host, connection.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
            })
            .RemoveAllLoggers();
        services.AddSingleton<PublicFetcher>();
        services.AddSingleton<FetchedFiles>();
        services.AddSingleton<TrustStores>();
        services.AddSingleton<Gathering>();
        services.AddSingleton<WaitingAuthorities>();
        services.AddSingleton<CorrespondentKeeping>();
        services.AddSingleton<RecipientCertificates>();
        services.AddSingleton(provider => new LdapDirectories(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<DataKeys>(), provider.GetRequiredService<Reach>(), provider.GetRequiredService<ServerTrust>()));
        services.AddSingleton(provider => new PublicDirectory(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<IDirectory>(), provider.GetRequiredService<RecipientCertificates>()));
        services.AddSingleton(provider => new Contacts(
            provider.GetRequiredService<RecipientCertificates>(), provider.GetRequiredService<CorrespondentKeeping>(), provider.GetRequiredService<IDirectory>()));
        services.AddSingleton<Harvesting>();
        services.AddSingleton<IWorkHandler, FetchedRenewal>();
        services.AddSingleton<IWorkHandler, GatheringWork>();
        services.AddSingleton(provider => new ForeignAuthorities(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
