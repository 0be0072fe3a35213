using Microsoft.Extensions.DependencyInjection;

namespace Portal.Application.Brands;

internal static class BrandServices
{
    public static IServiceCollection AddBrands(this IServiceCollection services)
    {
        services.AddSingleton<HostNames>();
        services.AddSingleton(provider => new BrandReading(provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<HostNames>()));
        services.AddSingleton(provider => new Branding(
            provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<BrandReading>(), provider.GetRequiredService<HostNames>()));
        return services;
    }
}
