using Microsoft.AspNetCore.Localization;
using Portal.Application.Accounts;

namespace Portal.Web.Shell;

/// <summary>The languages that the pages speak: as the person chose, or else as the browser asks.</summary>
internal static class Languages
{
    public const string English = "en";
    public const string German = "de";

    public static readonly IReadOnlyList<string> All = [English, German];

    public static void UseLanguages(this WebApplication app) => app.UseRequestLocalization(options =>
    {
        options.SetDefaultCulture(English).AddSupportedCultures([.. All]).AddSupportedUICultures([.. All]);
        options.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(context => Task.FromResult(
                Sessions.LanguageOf(context.User) is { } language ? new ProviderCultureResult(language) : null)),
            new AcceptLanguageHeaderRequestCultureProvider { Options = options },
        ];
    });
}
