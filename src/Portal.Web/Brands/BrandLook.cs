using Portal.Application.Brands;

namespace Portal.Web.Brands;

/// <summary>A brand in the words of style sheets. The policy of pages allows style attributes, and no style sheets but ours.</summary>
internal static class BrandLook
{
    /// <summary>What tokens.css and dark.css make of <see cref="Style"/>.</summary>
    public static string? Class(BrandView? brand) => brand?.Accent is null ? null : "own";

    public static string? Style(BrandView? brand) => brand?.Accent is { } accent
        ? $"--own: {accent.Light}; --own-strong: {accent.LightStrong}; --own-dark: {accent.Dark}; --own-dark-strong: {accent.DarkStrong}"
        : null;

    /// <returns>Null without one.</returns>
    public static string? Logo(BrandView? brand) => brand is { LogoVersion: { } version } ? $"/brand/{brand.Organisation.Value}/logo?v={version}" : null;
}
