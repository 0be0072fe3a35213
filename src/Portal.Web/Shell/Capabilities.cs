using Portal.Application;
using Portal.Database;

namespace Portal.Web.Shell;

internal static class Capabilities
{
    public static IServiceCollection AddCapabilities(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddPortalApplication(configuration);
        services.AddPortalDatabase(configuration);
        return services;
    }
}
