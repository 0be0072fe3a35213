using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Portal.Application.Transport;

internal static class TransportServices
{
    public static IServiceCollection AddTransport(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TransportOptions>()
            .Bind(configuration.GetSection(TransportOptions.Section))
            .ValidateDataAnnotations()
            .Validate(
                options => options.ServerAuthorities is null or "" || File.Exists(options.ServerAuthorities),
                $"{TransportOptions.Section}:{nameof(TransportOptions.ServerAuthorities)} names a file that is not there.")
            .Validate(
                options => Reach.Networks(options.OwnNetworks) is not null,
                $"{TransportOptions.Section}:{nameof(TransportOptions.OwnNetworks)} is no list of networks such as 127.0.0.0/8, 10.1.0.0/16.")
            .ValidateOnStart();
        services.AddSingleton<ServerTrust>();
        services.AddSingleton<Reach>();
        services.AddSingleton<MailConnections>();
        services.AddSingleton<MailAccountStore>();
        services.AddSingleton<AccessTokens>();
        // No logs of its own: an address may carry what is nobody's business.
        services.AddHttpClient(AccessTokens.Client, client =>
            {
                client.Timeout = AccessTokens.Timeout;
                client.MaxResponseContentBufferSize = 64 * 1024;
            })
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectCallback = async (connection, cancellationToken) =>
                    new NetworkStream(await provider.GetRequiredService<Reach>().ConnectAsync(connection.DnsEndPoint.Host, connection.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
                UseProxy = false,
            })
            .RemoveAllLoggers();
        services.AddSingleton<AccountConnections>();
        services.AddSingleton<ConnectionTest>();
        services.AddSingleton<HandingOver>();
        services.AddSingleton(provider => new Pickup(provider.GetRequiredService<IOptions<TransportOptions>>(), provider.GetRequiredService<IConfiguration>()));
        return services;
    }
}
