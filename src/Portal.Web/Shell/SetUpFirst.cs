using Portal.Application.Setup;
using Portal.Web.Setup;

namespace Portal.Web.Shell;

/// <summary>Until the portal is set up, every page leads to the set-up page.</summary>
internal sealed class SetUpFirst(RequestDelegate next, InstallationSetup setup, DemoProgress demo)
{
    private volatile bool done;

    public async Task InvokeAsync(HttpContext context)
    {
        if (done || IsAllowedBefore(context.Request.Path))
        {
            await next(context);
            return;
        }

        done = demo.IsReady && await setup.IsDoneAsync(context.RequestAborted);
        if (done)
        {
            await next(context);
            return;
        }

        context.Response.Redirect(demo.IsReady ? "/set-up" : "/preparing");
    }

    private static bool IsAllowedBefore(PathString path) =>
        path.StartsWithSegments("/set-up", StringComparison.Ordinal)
        || path.StartsWithSegments("/preparing", StringComparison.Ordinal)
        || path.StartsWithSegments("/health", StringComparison.Ordinal)
        || path.StartsWithSegments("/error", StringComparison.Ordinal)
        || path.StartsWithSegments("/_content", StringComparison.Ordinal)
        || Path.HasExtension(path.Value);
}
