using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Application.Accounts;

internal static class AccountServices
{
    public const int ShortestPassword = 12;

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddIdentityCore<Account>(Configure)
            .AddUserStore<AccountStore>()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddSignInManager();
        services.AddScoped<ILookupNormalizer, EmailNames>();
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromSeconds(30));
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddHttpContextAccessor();
        services.AddScoped(provider => new Sessions(
            provider.GetRequiredService<SignInManager<Account>>(),
            provider.GetRequiredService<UserManager<Account>>(),
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static void Configure(IdentityOptions options)
    {
        // NIST SP 800-63B: length counts, composition does not.
        options.Password = new PasswordOptions
        {
            RequiredLength = ShortestPassword,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
            RequiredUniqueChars = 1,
        };
        options.User.AllowedUserNameCharacters = string.Empty;
        options.Lockout.MaxFailedAccessAttempts = 10;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
    }

    private sealed class EmailNames : ILookupNormalizer
    {
        public string? NormalizeEmail(string? email) => email is null ? null : Account.Normalise(email);

        public string? NormalizeName(string? name) => name is null ? null : Account.Normalise(name);
    }
}
