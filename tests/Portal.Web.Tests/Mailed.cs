using System.Text.RegularExpressions;

namespace Portal.Web.Tests;

/// <summary>What readers outside look for in their mail.</summary>
internal static partial class Mailed
{
    [GeneratedRegex("https?://\\S+/open/[A-Za-z0-9_-]+")]
    public static partial Regex Link();

    [GeneratedRegex("^\\d{6}\\b")]
    public static partial Regex Code();
}
