using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Portal.Application.Accounts;

/// <summary>Whose password was right a moment ago: kept in a cookie that only we can read, until the second step or ten minutes have passed.</summary>
internal sealed class PendingSignIn(IHttpContextAccessor http, IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Portal.Accounts.PendingSignIn").ToTimeLimitedDataProtector();

    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("Signing in needs a request.");

    public void Keep(AccountId account) => Context.Response.Cookies.Append(Name, _protector.Protect(account.ToString(), Lasts), new CookieOptions
    {
        Path = "/",
        HttpOnly = true,
        Secure = Context.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        MaxAge = Lasts,
        IsEssential = true,
    });

    /// <returns>Null when there is none, or it is too old.</returns>
    public AccountId? Read()
    {
        try
        {
            return Context.Request.Cookies[Name] is { } cookie ? AccountId.From(Guid.Parse(_protector.Unprotect(cookie))) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    public void Forget() => Context.Response.Cookies.Delete(Name, new CookieOptions { Path = "/", Secure = Context.Request.IsHttps });

    private string Name => Context.Request.IsHttps ? "__Host-portal-step" : "portal-step";
}
