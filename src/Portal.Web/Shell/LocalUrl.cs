namespace Portal.Web.Shell;

/// <summary>Where to go after signing in: a path of ours, or home.</summary>
internal static class LocalUrl
{
    public const string Home = "/mail/inbox";

    public static string OrHome(string? url) => IsLocal(url) ? url! : Home;

    // Browsers read "//host", "/\host" and paths with control characters as other sites.
    private static bool IsLocal(string? url) =>
        url is ['/', ..]
        && !(url.Length > 1 && url[1] is '/' or '\\')
        && !url.Any(c => char.IsControl(c) || c == '\\')
        && !url.StartsWith("/sign-", StringComparison.OrdinalIgnoreCase);
}
