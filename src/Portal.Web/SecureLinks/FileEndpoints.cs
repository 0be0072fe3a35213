using Microsoft.AspNetCore.Antiforgery;
using Portal.Application.LargeFiles;
using Portal.Web.Shell;

namespace Portal.Web.SecureLinks;

/// <summary>Files beside messages, for whoever has the link that such a message carries.</summary>
internal static class FileEndpoints
{
    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/file/{key}", Land).AllowAnonymous();
        routes.MapPost("/files/{name}/content", BeginAsync).AllowAnonymous();
        routes.MapGet("/files/{name}/content", FetchAsync).AllowAnonymous();
    }

    /// <summary>Changes nothing here, and takes the key out of the address.</summary>
    private static IResult Land(string key, HttpContext http, ReaderCookies cookies)
    {
        if (LargeFiles.NameOf(key) is not { } name)
        {
            return Results.Redirect("/files/unknown");
        }

        cookies.KeepFile(http, name, key, isAsked: false);
        return Results.Redirect($"/files/{name}");
    }

    private static async Task<IResult> BeginAsync(string name, HttpContext http, ReaderCookies cookies, LargeFiles files, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(http) || cookies.ReadFile(http, name) is not { } kept || LargeFiles.NameOf(kept.Key) != name || !await files.BeginAsync(kept.Key, cancellationToken))
        {
            return Results.Redirect($"/files/{Uri.EscapeDataString(name)}");
        }

        cookies.KeepFile(http, name, kept.Key, isAsked: true);
        return Results.Redirect($"/files/{name}/content");
    }

    /// <summary>With ranges: what broke off is gone on with.</summary>
    private static async Task<IResult> FetchAsync(string name, HttpContext http, ReaderCookies cookies, LargeFiles files, CancellationToken cancellationToken) =>
        cookies.ReadFile(http, name) is { IsAsked: true } kept && LargeFiles.NameOf(kept.Key) == name
            ? FileDownload.Of(http, await files.OpenAsync(kept.Key, cancellationToken))
            : Results.Redirect($"/files/{Uri.EscapeDataString(name)}");
}
