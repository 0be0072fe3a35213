using System.Globalization;
using Portal.Application;
using Portal.Application.Brands;

namespace Portal.Web.Brands;

internal static class BrandWords
{
    /// <returns>Null for what was saved.</returns>
    public static string? Problem(BrandSaving saving) => saving switch
    {
        BrandSaving.Saved => null,
        BrandSaving.NameTooLong => BrandTexts.NameTooLong.With(Branding.LongestName),
        BrandSaving.NoColour => BrandTexts.NoColour,
        BrandSaving.TooPale pale => BrandTexts.TooPale.With(Tenths(pale.Contrast), Tenths(BrandAccent.LeastContrast)),
        BrandSaving.TextTooLong text => BrandTexts.TextTooLong.With(Language(text.Language), Branding.LongestText),
        BrandSaving.TextHasLink text => BrandTexts.TextHasLink.With(Language(text.Language)),
        _ => BrandTexts.NotSaved,
    };

    /// <returns>Null for what was saved.</returns>
    public static string? Problem(LogoSaving saving) => saving switch
    {
        LogoSaving.Saved => null,
        LogoSaving.TooLarge => BrandTexts.LogoTooLarge.With(Branding.LargestLogo / 1024),
        LogoSaving.TooManyPixels => BrandTexts.LogoTooManyPixels.With(Branding.MostPixels),
        LogoSaving.NoImage => BrandTexts.LogoNoImage,
    };

    /// <returns>Null for what was saved.</returns>
    public static string? Problem(HostSaving saving) => saving switch
    {
        HostSaving.Saved => null,
        HostSaving.NoHostName => BrandTexts.HostNone,
        HostSaving.NotTheirs => BrandTexts.HostNotYours,
        HostSaving.PublicAddress => BrandTexts.HostIsPublic,
    };

    // What is just not enough is not rounded to enough.
    private static string Tenths(double contrast) => (Math.Floor(contrast * 10) / 10).ToString("0.0", CultureInfo.CurrentCulture);

    private static string Language(string language) => CultureInfo.GetCultureInfo(language).NativeName;
}
