using Microsoft.AspNetCore.Antiforgery;

namespace Portal.Web.Shell;

/// <summary>Circuits are opened by our own pages. The session's cookie is no proof of that: another port of this host is the same site.</summary>
internal static class OwnPagesOnly
{
    public static IApplicationBuilder UseOwnPagesOnly(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase) || IsOurs(context.Request.Headers.Origin, context.Request.Host))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });

    /// <summary>By its token; or, where that is of an earlier visit, by what the browser says about where the form was (Fetch Metadata): what somebody wrote is not lost for that.</summary>
    public static async Task<bool> IsOwnFormAsync(HttpContext context, IAntiforgery antiforgery) =>
        await antiforgery.IsRequestValidAsync(context) || context.Request.Headers["Sec-Fetch-Site"] == "same-origin";

    /// <summary>The scheme is left out: it is the proxy's where one ends TLS. Without the header it is no page of anybody's.</summary>
    public static bool IsOurs(string? origin, HostString host) =>
        string.IsNullOrEmpty(origin)
        || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && string.Equals(page.Authority, host.Value, StringComparison.OrdinalIgnoreCase));
}
