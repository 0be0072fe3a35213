using Microsoft.AspNetCore.Components.Endpoints;

namespace Portal.Web.Shell;

/// <summary>A form whose page has changed meanwhile, or whose visit has ended: its page is shown as it is now, and says that nothing was done.</summary>
internal static class StaleForms
{
    public const string Mark = "stale";

    public static IApplicationBuilder UseStaleForms(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (HttpMethods.IsPost(context.Request.Method)
            && context.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false }
            && context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            context.Response.Clear();
            context.Response.Headers.Location = Look(context.Request);
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
        }
    });

    public static bool IsSaid(HttpContext context) => context.Request.Query.ContainsKey(Mark);

    private static string Look(HttpRequest request) =>
        request.PathBase.Add(request.Path) + request.QueryString.Add(request.Query.ContainsKey(Mark) ? QueryString.Empty : QueryString.Create(Mark, "true")).ToUriComponent();
}
