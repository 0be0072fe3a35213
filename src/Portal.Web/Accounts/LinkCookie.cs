using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Web.Accounts;

/// <summary>Takes a one-time token out of the address at once, so that it stands in no history, log or Referer.</summary>
internal sealed class LinkCookie(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(30);
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("Portal.Web.OneTimeLink").ToTimeLimitedDataProtector();

    public void Keep(HttpContext http, string token) => http.Response.Cookies.Append(Name(http), protector.Protect(token, Lasts), new CookieOptions
    {
        Path = "/",
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        MaxAge = Lasts,
        IsEssential = true,
    });

    public string? Read(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[Name(http)] is { } cookie ? protector.Unprotect(cookie) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(Name(http), new CookieOptions { Path = "/", Secure = http.Request.IsHttps });

    private static string Name(HttpContext http) => http.Request.IsHttps ? "__Host-portal-link" : "portal-link";
}
