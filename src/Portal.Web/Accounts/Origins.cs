using Portal.Application.Accounts;

namespace Portal.Web.Accounts;

/// <summary>Where a sign-in comes from, in words that its person recognises.</summary>
internal static class Origins
{
    // The order counts: Edge and Opera call themselves Chrome, and everybody calls themselves Safari.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    public static SessionOrigin Of(HttpContext http) =>
        new(Describe(http.Request.Headers.UserAgent.ToString()), http.Connection.RemoteIpAddress?.ToString() ?? string.Empty);

    internal static string Describe(string userAgent)
    {
        var browser = Browsers.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
        var system = Systems.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
        return (browser, system) switch
        {
            (null, null) => "?",
            (null, _) => system,
            (_, null) => browser,
            _ => $"{browser} · {system}",
        };
    }
}
