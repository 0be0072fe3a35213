using Portal.Application;
using Portal.Database;
using Portal.KeyStores;
using Portal.Web.Setup;

namespace Portal.Web.Shell;

internal static class Capabilities
{
    public static IServiceCollection AddCapabilities(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddPortalApplication(configuration);
        services.AddPortalDatabase(configuration);
        services.AddPortalKeyStores(configuration);
        services.AddSingleton(new DemoProgress(isReady: !configuration.IsDemo()));
        if (configuration.IsDemo())
        {
            services.AddHostedService<DemoPreparation>();
        }

        return services;
    }
}
