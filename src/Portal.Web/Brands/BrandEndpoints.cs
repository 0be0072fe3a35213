using Portal.Application;
using Portal.Application.Brands;

namespace Portal.Web.Brands;

/// <summary>Logos, for anybody: they are on pages that strangers see.</summary>
internal static class BrandEndpoints
{
    private const string Policy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    public static void MapBrands(this IEndpointRouteBuilder routes) => routes.MapGet("/brand/{id:guid}/logo", LogoAsync).AllowAnonymous();

    /// <summary>What a version looks like never changes; whoever asks for another one asks again.</summary>
    private static async Task<IResult> LogoAsync(HttpContext http, Guid id, string? v, BrandReading brands, CancellationToken cancellationToken)
    {
        if (await brands.LogoAsync(OrganisationId.From(id), cancellationToken) is not { } logo)
        {
            return Results.NotFound();
        }

        http.Response.Headers.CacheControl = v == logo.Version ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.Headers.ContentSecurityPolicy = Policy;
        return Results.Bytes(logo.Content, logo.MediaType);
    }
}
