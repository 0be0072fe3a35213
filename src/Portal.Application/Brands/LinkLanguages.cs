namespace Portal.Application.Brands;

/// <summary>In which notices and the readers' pages are written.</summary>
public static class LinkLanguages
{
    public static IReadOnlyList<string> All { get; } = ["en", "de", "fr", "es"];
}
