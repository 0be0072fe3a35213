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
            .ValidateOnStart();
        services.AddSingleton<ServerTrust>();
        services.AddSingleton<MailConnections>();
        services.AddSingleton<MailAccountStore>();
        services.AddSingleton<AccessTokens>();
        // No logs of its own: an address may carry what is nobody's business.
        services.AddHttpClient(AccessTokens.Client, client =>
            {
                client.Timeout = AccessTokens.Timeout;
                client.MaxResponseContentBufferSize = 64 * 1024;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .RemoveAllLoggers();
        services.AddSingleton<AccountConnections>();
        services.AddSingleton<ConnectionTest>();
        services.AddSingleton<HandingOver>();
        services.AddSingleton(provider => new Pickup(provider.GetRequiredService<IOptions<TransportOptions>>(), provider.GetRequiredService<IConfiguration>()));
        return services;
    }
}
