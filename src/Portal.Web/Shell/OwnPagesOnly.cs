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

    /// <summary>The scheme is left out: it is the proxy's where one ends TLS. Without the header it is no page of anybody's.</summary>
    public static bool IsOurs(string? origin, HostString host) =>
        string.IsNullOrEmpty(origin)
        || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && string.Equals(page.Authority, host.Value, StringComparison.OrdinalIgnoreCase));
}
