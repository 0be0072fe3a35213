using Microsoft.AspNetCore.Antiforgery;
using Portal.Application.Accounts;

namespace Portal.Web.Accounts;

internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
        routes.MapGet("/account/still-here", () => Results.NoContent()).RequireAuthorization();
        routes.MapGet("/join/{token}", Land).AllowAnonymous();
        routes.MapPasskeys();
    }

    private static IResult Land(string token, HttpContext http, LinkCookie link)
    {
        link.Keep(http, token.Length <= 64 ? token : string.Empty);
        return Results.Redirect("/join");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, Sessions sessions, OpenCircuits circuits, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.Redirect("/");
        }

        // Whoever leaves the page meanwhile is signed out all the same; the open pages follow when this one has its answer.
        await sessions.SignOutAsync(context.User, CancellationToken.None);
        if (Sessions.ActorOf(context.User) is { } person)
        {
            context.Response.OnCompleted(() =>
            {
                circuits.SignOut(person.Session);
                return Task.CompletedTask;
            });
        }

        return Results.Redirect("/sign-in?left=true");
    }
}
