using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Localization;
using Portal.Application.Accounts;
using Portal.Application.Brands;
using Portal.Web.SecureLinks;

namespace Portal.Web.Shell;

/// <summary>The languages that the pages speak: as the person chose, or else as the browser asks. Readers' pages speak more than the portal.</summary>
internal static class Languages
{
    public const string English = "en";
    public const string German = "de";

    public static readonly IReadOnlyList<string> All = [English, German];

    public static void UseLanguages(this WebApplication app) => app.UseRequestLocalization(options =>
    {
        options.SetDefaultCulture(English).AddSupportedCultures([.. LinkLanguages.All]).AddSupportedUICultures([.. LinkLanguages.All]);
        options.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(context => Task.FromResult(
                Sessions.LanguageOf(context.User) is { } language ? new ProviderCultureResult(language) : null)),
            new CustomRequestCultureProvider(context => Task.FromResult(Asked(context))),
        ];
    });

    private static ProviderCultureResult? Asked(HttpContext context)
    {
        var spoken = context.GetEndpoint()?.Metadata.GetMetadata<LayoutAttribute>()?.LayoutType == typeof(ReaderLayout) ? LinkLanguages.All : All;
        return context.Request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(asked => asked.Quality ?? 1)
            .Select(asked => spoken.FirstOrDefault(language => Speaks($"{asked.Value}", language)))
            .FirstOrDefault(language => language is not null) is { } first
                ? new ProviderCultureResult(first)
                : null;
    }

    /// <summary>de-AT is German.</summary>
    private static bool Speaks(string asked, string language) =>
        asked.Equals(language, StringComparison.OrdinalIgnoreCase) || asked.StartsWith($"{language}-", StringComparison.OrdinalIgnoreCase);
}
