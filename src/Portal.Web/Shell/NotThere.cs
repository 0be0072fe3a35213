using Portal.Application.Accounts;

namespace Portal.Web.Shell;

/// <summary>The status of pages about something that is not there: their words come over the circuit, after the answer.</summary>
internal static class NotThere
{
    public static IApplicationBuilder UseNotThere(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AboutAttribute>() is { } about
            && Sessions.ActorOf(context.User) is { } person
            && !await about.IsThereAsync(context.RequestServices, person, context.Request.RouteValues, context.RequestAborted))
        {
            // Not before: a page is not drawn for a status that says there is none.
            context.Response.OnStarting(() =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }

        await next(context);
    });
}
