using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.Policies;
using Portal.Web.Shell;

namespace Portal.Web.Policies;

internal static class ListEndpoints
{
    public static void MapLists(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/policies/lists/export", ExportAsync).RequireAuthorization(Permission.ManagePolicies.ToString());

    private static async Task<IResult> ExportAsync(HttpContext context, ListTransfer transfer, CancellationToken cancellationToken)
    {
        if (Sessions.ActorOf(context.User) is not { } actor)
        {
            return Results.NotFound();
        }

        var file = await transfer.ExportAsync(actor, cancellationToken);
        return FileDownload.Of(context, new Download("lists.csv", "text/csv", file.Length, file));
    }
}
