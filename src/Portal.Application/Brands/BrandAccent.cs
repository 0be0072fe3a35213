namespace Portal.Application.Brands;

/// <summary>One chosen colour, as buttons and links need it. Each is #rrggbb.</summary>
/// <param name="Light">As it was chosen: white text can be read on it, and it on white.</param>
/// <param name="LightStrong">Under the pointer.</param>
/// <param name="Dark">Lighter, so that it can be read on dark pages, and dark text on it.</param>
/// <param name="DarkStrong">Under the pointer there.</param>
public sealed record BrandAccent(string Light, string LightStrong, string Dark, string DarkStrong)
{
    /// <summary>With white (WCAG 2.2, success criterion 1.4.3).</summary>
    public const double LeastContrast = 4.5;

    private const double Step = 0.05;

    // The lightest surface of dark pages that text stands on (--surface-raised of dark.css).
    private static readonly Colour DarkSurface = new(0x29, 0x29, 0x29);

    /// <returns>Null for what is no colour, and for one that is too pale.</returns>
    public static BrandAccent? Of(string? text) =>
        text is not null && Colour.Parse(text) is { } colour && Colour.Contrast(colour, Colour.White) >= LeastContrast ? Of(colour) : null;

    private static BrandAccent Of(Colour colour)
    {
        var share = 0.0;
        while (Colour.Contrast(colour.Towards(Colour.White, share), DarkSurface) < LeastContrast)
        {
            share += Step;
        }

        var dark = colour.Towards(Colour.White, share);
        return new BrandAccent($"{colour}", $"{colour.Towards(Colour.Black, 3 * Step)}", $"{dark}", $"{dark.Towards(Colour.White, 3 * Step)}");
    }
}
