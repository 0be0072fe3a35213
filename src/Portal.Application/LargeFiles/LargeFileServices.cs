using Microsoft.Extensions.DependencyInjection;
using Portal.Application.AtRest;

namespace Portal.Application.LargeFiles;

internal static class LargeFileServices
{
    public static IServiceCollection AddLargeFiles(this IServiceCollection services)
    {
        services.AddSingleton<FileIntake>();
        services.AddSingleton<Departing>();
        services.AddSingleton(provider => new LargeFiles(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<SealedBlobs>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LargeFileControl(provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
