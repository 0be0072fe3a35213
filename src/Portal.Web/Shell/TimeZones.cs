namespace Portal.Web.Shell;

/// <summary>What people choose from: places of the IANA database that this system knows.</summary>
internal static class TimeZones
{
    private static readonly string[] Regions = ["Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"];

    public static IReadOnlyList<string> All { get; } =
        ["UTC", .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => Regions.Any(region => id.StartsWith(region, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
}
