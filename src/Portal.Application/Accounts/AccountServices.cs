using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Organisations;

namespace Portal.Application.Accounts;

internal static class AccountServices
{
    /// <summary>Of PBKDF2 with HMAC-SHA-512, as OWASP asks.</summary>
    internal const int HashIterations = 210_000;

    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LiveSessionOptions>().Bind(configuration.GetSection(LiveSessionOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddIdentityCore<Account>(Configure)
            .AddUserStore<AccountStore>()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddTokenProvider<AuthenticatorTokenProvider<Account>>(TokenOptions.DefaultAuthenticatorProvider)
            .AddSignInManager();
        services.AddScoped<ILookupNormalizer, EmailNames>();
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = HashIterations);
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // A passkey stands for a password and a second factor at once: its authenticator asks who is there.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
        });
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddScoped<ISecurityStampValidator, SessionValidator>();
        services.AddHttpContextAccessor();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<Lockout>();
        services.AddSingleton<OneTimeLinks>();
        services.AddSingleton<PendingSignIn>();
        services.AddScoped(provider => new Sessions(
            provider.GetRequiredService<SignInManager<Account>>(),
            provider.GetRequiredService<UserManager<Account>>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<Lockout>(),
            provider.GetRequiredService<PendingSignIn>(),
            provider.GetRequiredService<OrganisationPolicies>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => new SecondFactors(
            provider.GetRequiredService<UserManager<Account>>(),
            provider.GetRequiredService<SignInManager<Account>>(),
            provider.GetRequiredService<Sessions>(),
            provider.GetRequiredService<Lockout>(),
            provider.GetRequiredService<PortalDatabase>()));
        services.AddScoped(provider => new OwnAccount(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IMailboxesHere>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<Lockout>(),
            provider.GetRequiredService<UserManager<Account>>()));
        services.AddSingleton(provider => new People(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<OneTimeLinks>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static void Configure(IdentityOptions options)
    {
        // NIST SP 800-63B: length counts, composition does not.
        options.Password = new PasswordOptions
        {
            RequiredLength = PasswordRule.Shortest,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
            RequiredUniqueChars = 1,
        };
        options.User.AllowedUserNameCharacters = string.Empty;
    }

    private sealed class EmailNames : ILookupNormalizer
    {
        public string? NormalizeEmail(string? email) => email is null ? null : Account.Normalise(email);

        public string? NormalizeName(string? name) => name is null ? null : Account.Normalise(name);
    }
}
