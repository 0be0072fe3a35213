using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Portal.Application.SecureLinks;

namespace Portal.Web.SecureLinks;

/// <summary>What a reader's browser keeps: the link that they came by, taken out of the address at once, and the session that began when they proved who they are.</summary>
internal sealed class ReaderCookies(IDataProtectionProvider protection, ReaderSessions sessions)
{
    private const string Link = "portal-mail-link";
    private const string Session = "portal-reader";
    private const string Device = "portal-reader-browser";
    private const string Passkey = "portal-reader-passkey";
    private const string File = "portal-file";
    private const int FileNameLength = 16;
    private static readonly TimeSpan LinkLasts = TimeSpan.FromHours(1);
    private static readonly TimeSpan PasskeyLasts = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FileLasts = TimeSpan.FromDays(1);
    private readonly ITimeLimitedDataProtector links = protection.CreateProtector("Portal.Web.SecureLink").ToTimeLimitedDataProtector();
    private readonly ITimeLimitedDataProtector passkeys = protection.CreateProtector("Portal.Web.ReaderPasskey").ToTimeLimitedDataProtector();
    private readonly ITimeLimitedDataProtector files = protection.CreateProtector("Portal.Web.LargeFile").ToTimeLimitedDataProtector();

    public void KeepLink(HttpContext http, string token) => Keep(http, Link, links.Protect(token, LinkLasts), LinkLasts);

    /// <returns>Null for none, or one that is too old.</returns>
    public string? ReadLink(HttpContext http) => Open(http, Link, links);

    /// <summary>What a passkey is asked, between the question and the answer.</summary>
    public void KeepPasskey(HttpContext http, string state) => Keep(http, Passkey, passkeys.Protect(state, PasskeyLasts), PasskeyLasts);

    /// <returns>Null for none, or one that is too old; the browser keeps it no longer.</returns>
    public string? TakePasskey(HttpContext http)
    {
        Delete(http, Passkey);
        return Open(http, Passkey, passkeys);
    }

    /// <param name="http">The request.</param>
    /// <param name="name">The file's, in addresses.</param>
    /// <param name="key">As it stands in the link.</param>
    /// <param name="isAsked">They have pressed the button: it may be fetched, and what breaks off gone on with.</param>
    public void KeepFile(HttpContext http, string name, string key, bool isAsked) =>
        Keep(http, FileCookie(name), files.Protect((isAsked ? "+" : "-") + key, FileLasts), FileLasts);

    /// <returns>Null for none, or one that is too old.</returns>
    public (string Key, bool IsAsked)? ReadFile(HttpContext http, string name) => Open(http, FileCookie(name), files) is [var asked, .. var key] ? (key, asked == '+') : null;

    public static void KeepSession(HttpContext http, string token) => Keep(http, Session, token, lasts: null);

    /// <returns>Null for whoever has not proved who they are, or did so too long ago.</returns>
    public async Task<SignedInReader?> ReaderAsync(HttpContext http) =>
        http.Request.Cookies[Name(http, Session)] is { } token ? await sessions.FindAsync(token, http.RequestAborted) : null;

    /// <returns>Also whoever was idle too long, to put down what they typed meanwhile.</returns>
    public async Task<SignedInReader?> LapsedReaderAsync(HttpContext http) =>
        http.Request.Cookies[Name(http, Session)] is { } token ? await sessions.FindLapsedAsync(token, http.RequestAborted) : null;

    public static void KeepDevice(HttpContext http, RememberedDevice device, DateTimeOffset now) => Keep(http, Device, device.Token, device.ExpiresAt - now);

    public static string? ReadDevice(HttpContext http) => http.Request.Cookies[Name(http, Device)];

    /// <summary>The link and the session; whether the browser is recognised stays.</summary>
    public static void Forget(HttpContext http)
    {
        foreach (var name in (string[])[Link, Session])
        {
            Delete(http, name);
        }
    }

    private static string? Open(HttpContext http, string name, ITimeLimitedDataProtector protector)
    {
        try
        {
            return http.Request.Cookies[Name(http, name)] is { } cookie ? protector.Unprotect(cookie) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static void Delete(HttpContext http, string name) =>
        http.Response.Cookies.Delete(Name(http, name), new CookieOptions { Path = "/", Secure = http.Request.IsHttps });

    private static string FileCookie(string name) => $"{File}-{(name.Length > FileNameLength ? name[..FileNameLength] : name)}";

    private static void Keep(HttpContext http, string name, string value, TimeSpan? lasts) => http.Response.Cookies.Append(Name(http, name), value, new CookieOptions
    {
        Path = "/",
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        MaxAge = lasts,
        IsEssential = true,
    });

    private static string Name(HttpContext http, string name) => http.Request.IsHttps ? $"__Host-{name}" : name;
}
