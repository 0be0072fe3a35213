using Portal.Application;

namespace Portal.Web.Shell;

/// <summary>Where to go after signing in: a path of ours, or home.</summary>
internal static class LocalUrl
{
    /// <summary>Leads on to <see cref="StartOf"/>.</summary>
    public const string Home = "/";

    public static string OrHome(string? url) => IsLocal(url) ? url! : Home;

    /// <summary>Where somebody's work begins.</summary>
    public static string StartOf(Roles roles) => roles switch
    {
        _ when roles.Allow(Permission.UseMail) => "/mail/inbox",
        _ when roles.Allow(Permission.ManagePeople) => "/people",
        _ => "/account",
    };

    // Browsers read "//host", "/\host" and paths with control characters as other sites.
    private static bool IsLocal(string? url) =>
        url is ['/', ..]
        && !(url.Length > 1 && url[1] is '/' or '\\')
        && !url.Any(c => char.IsControl(c) || c == '\\')
        && !url.StartsWith("/sign-", StringComparison.OrdinalIgnoreCase);
}
