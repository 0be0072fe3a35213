using System.Globalization;

namespace Portal.Application.Brands;

/// <summary>A colour of sRGB.</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static readonly Colour White = new(255, 255, 255);
    public static readonly Colour Black = new(0, 0, 0);

    /// <param name="text">#rrggbb.</param>
    /// <returns>Null for anything else.</returns>
    public static Colour? Parse(string text) =>
        text is ['#', _, _, _, _, _, _] && uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new Colour((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : null;

    /// <summary>How far two colours are apart, for eyes (WCAG 2.2, "contrast ratio"): 1 to 21.</summary>
    public static double Contrast(Colour one, Colour other)
    {
        var (dark, light) = one.Luminance < other.Luminance ? (one.Luminance, other.Luminance) : (other.Luminance, one.Luminance);
        return (light + 0.05) / (dark + 0.05);
    }

    /// <param name="other">Where to.</param>
    /// <param name="share">0 stays, 1 is the other.</param>
    public Colour Towards(Colour other, double share)
    {
        return new Colour(Between(Red, other.Red), Between(Green, other.Green), Between(Blue, other.Blue));

        byte Between(byte from, byte to) => (byte)Math.Round(from + ((to - from) * share));
    }

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    // WCAG 2.2, "relative luminance".
    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private static double Linear(byte channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
