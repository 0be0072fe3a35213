namespace Portal.Web.Shell;

/// <summary>Light, dark, or as the system is: a choice of the browser, not of the person.</summary>
internal static class Theme
{
    public const string Cookie = "portal-theme";
    public const string System = "system";

    public static readonly IReadOnlyList<string> All = [System, "light", "dark"];

    public static string Of(HttpRequest request) => All.FirstOrDefault(one => one == request.Cookies[Cookie], System);

    /// <summary>The condition under which the dark colours count (media of a link).</summary>
    public static string WhenDark(string theme) => theme switch
    {
        "light" => "not all",
        "dark" => "all",
        _ => "(prefers-color-scheme: dark)",
    };

    public static string Words(string theme) => theme switch
    {
        "light" => ShellTexts.ThemeLight,
        "dark" => ShellTexts.ThemeDark,
        _ => ShellTexts.ThemeSystem,
    };
}
