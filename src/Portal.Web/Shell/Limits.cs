using Microsoft.AspNetCore.Http.Features;
using Portal.Web.Accounts;
using Portal.Web.Certificates;

namespace Portal.Web.Shell;

internal static class Limits
{
    /// <summary>Forms are small; files go through the upload endpoint, which has its own limit.</summary>
    private const int LargestForm = 64 * 1024;

    public static IServiceCollection AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SignInLimitOptions>()
            .Bind(configuration.GetSection(SignInLimitOptions.Section))
            .Validate(options => options.IsValid(), SignInLimitOptions.Section)
            .ValidateOnStart();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<DirectoryLimits>();
        services.Configure<FormOptions>(options =>
        {
            options.ValueLengthLimit = LargestForm;
            options.MultipartBodyLengthLimit = LargestForm;
            options.BufferBodyLengthLimit = LargestForm;
        });
        return services;
    }
}
