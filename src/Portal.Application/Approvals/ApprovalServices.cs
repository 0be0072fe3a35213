using Microsoft.Extensions.DependencyInjection;

namespace Portal.Application.Approvals;

internal static class ApprovalServices
{
    public static IServiceCollection AddApprovals(this IServiceCollection services) => services.AddSingleton(provider => new FourEyes(
        provider.GetRequiredService<PortalDatabase>(), provider.GetRequiredService<TimeProvider>()));
}
