using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Work;

namespace Portal.Application.Sweeping;

internal static class SweepServices
{
    public static IServiceCollection AddSweeping(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SweepOptions>().Bind(configuration.GetSection(SweepOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IWorkHandler, SweepWork>();
        return services;
    }
}
