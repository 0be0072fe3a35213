namespace Portal.Web.Shell;

/// <summary>What people choose from: places of the IANA database that this system knows.</summary>
internal static class TimeZones
{
    private static readonly string[] Regions = ["Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"];

    // In its own order the system needs every zone's name in words: a second at the first page that asks.
    public static IReadOnlyList<string> All { get; } =
        ["UTC", .. TimeZoneInfo.GetSystemTimeZones(skipSorting: true).Select(zone => zone.Id).Where(id => Regions.Any(region => id.StartsWith(region, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
}
