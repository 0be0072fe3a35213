using Portal.Application;
using Portal.Application.Transport;
using Portal.Web.Shell;

namespace Portal.Web.Transport;

/// <summary>The demo's mail to outside, as its recipients would get it.</summary>
internal static class PickupEndpoints
{
    public static void MapPickup(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/demo/outside/{name}", Get).RequireAuthorization();

    private static IResult Get(HttpContext context, string name, Pickup pickup) =>
        pickup.IsUsed && pickup.Open(name) is { } content
            ? FileDownload.Of(context, new Download(name, "message/rfc822", content.Length, content))
            : Results.NotFound();
}
