using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Application;
using Portal.Application.Accounts;
using Portal.Web.Accounts;
using Portal.Web.SecureLinks;

namespace Portal.Web.Shell;

internal static class SigningIn
{
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OpenPageOptions>()
            .Bind(configuration.GetSection(OpenPageOptions.Section))
            .Validate(options => options.IsValid(), OpenPageOptions.Section)
            .ValidateOnStart();
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<IOptions<LiveSessionOptions>>((cookie, session) => Configure(cookie, session.Value));
        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var permission in Enum.GetValues<Permission>())
        {
            authorization.AddPolicy(permission.ToString(), policy => policy
                .RequireAuthenticatedUser()
                .RequireAssertion(context => Sessions.ActorOf(context.User)?.Roles.Allow(permission) == true));
        }

        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme).Configure(cookie =>
        {
            // Holds what a passkey was asked, between the question and the answer.
            cookie.Cookie.Name = "portal-passkey";
            cookie.Cookie.Path = "/";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.CookieManager = new SchemeCookies();
        });
        services.AddCascadingAuthenticationState();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "portal-form";
            options.Cookie.HttpOnly = true;

            // Strict would make every form that is open elsewhere worthless when somebody follows a further link from their mail.
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.HeaderName = "X-Portal-Form";
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton<OpenCircuits>();
        services.AddScoped<CircuitSession>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitSession>());
        services.AddScoped<CurrentPerson>();
        services.AddSingleton<LinkCookie>();
        services.AddSingleton<ReaderCookies>();
        services.AddScoped<ReaderLook>();
        services.Replace(ServiceDescriptor.Scoped<AuthenticationStateProvider, CircuitAuthentication>());
        return services;
    }

    private static void Configure(CookieAuthenticationOptions cookie, LiveSessionOptions session)
    {
        cookie.Cookie.Name = "portal";
        cookie.Cookie.Path = "/";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.CookieManager = new SchemeCookies();
        cookie.ExpireTimeSpan = session.Idle;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/sign-in";
        cookie.LogoutPath = "/sign-out";
        cookie.Events.OnRedirectToAccessDenied = refused =>
        {
            // What is not for somebody is not there for them.
            refused.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
        cookie.ReturnUrlParameter = "returnUrl";
        var toSignIn = cookie.Events.OnRedirectToLogin;
        cookie.Events.OnRedirectToLogin = refused =>
        {
            if (cookie.CookieManager.GetRequestCookie(refused.HttpContext, cookie.Cookie.Name) is not null)
            {
                refused.RedirectUri = QueryHelpers.AddQueryString(refused.RedirectUri, "ended", "true");
            }

            return toSignIn(refused);
        };
    }
}
