using System.Globalization;
using Portal.Application.Brands;

namespace Portal.Application.Tests.Brands;

/// <summary>Colours against values that others publish (WebAIM's contrast checker).</summary>
public sealed class ColourTests
{
    [Theory]
    [InlineData("#000000", "#ffffff", "21.00")]
    [InlineData("#ffffff", "#ffffff", "1.00")]
    [InlineData("#767676", "#ffffff", "4.54")]
    [InlineData("#777777", "#ffffff", "4.48")]
    [InlineData("#ff0000", "#ffffff", "4.00")]
    [InlineData("#00ff00", "#ffffff", "1.37")]
    [InlineData("#0000ff", "#ffffff", "8.59")]
    [InlineData("#0000FF", "#ff0000", "2.15")]
    public void Contrast_is_as_everybody_computes_it(string one, string other, string contrast)
    {
        Assert.Equal(contrast, Between(one, other).ToString("0.00", CultureInfo.InvariantCulture));
        Assert.Equal(Between(one, other), Between(other, one));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#fff")]
    [InlineData("red")]
    [InlineData("#12345g")]
    [InlineData("#+12345")]
    [InlineData("# 12345")]
    [InlineData("1234567")]
    [InlineData("#0f6cbd;")]
    public void What_is_no_colour_is_none(string text) => Assert.Null(Colour.Parse(text));

    [Theory]
    [InlineData("#0f6cbd")]
    [InlineData("#000000")]
    [InlineData("#767676")]
    [InlineData("#8a1538")]
    [InlineData("#0000ff")]
    [InlineData("#008000")]
    public void An_accent_can_be_read_on_light_and_on_dark_pages(string chosen)
    {
        var accent = BrandAccent.Of(chosen)!;
        Assert.Equal(chosen, accent.Light);
        Assert.True(Between(accent.LightStrong, "#ffffff") >= BrandAccent.LeastContrast);
        foreach (var surface in (string[])["#292929", "#1f1f1f", "#141414"])
        {
            Assert.True(Between(accent.Dark, surface) >= BrandAccent.LeastContrast, $"{accent.Dark} on {surface}");
        }

        // --on-brand of dark.css.
        Assert.True(Between(accent.Dark, "#0b1a29") >= BrandAccent.LeastContrast);
        Assert.True(Between(accent.DarkStrong, "#0b1a29") >= BrandAccent.LeastContrast);
    }

    [Theory]
    [InlineData("#777777")]
    [InlineData("#ffff00")]
    [InlineData("nonsense")]
    public void What_is_too_pale_is_no_accent(string chosen) => Assert.Null(BrandAccent.Of(chosen));

    private static double Between(string one, string other) => Colour.Contrast(Colour.Parse(one)!.Value, Colour.Parse(other)!.Value);
}
