using Portal.Application.Brands;
using Portal.Application.LargeFiles;
using Portal.Application.SecureLinks;

namespace Portal.Web.SecureLinks;

/// <summary>What a reader's link is worth and in whose colours their page is drawn, found once for each request: of whoever wrote to them, or else of whose host name they came by.</summary>
internal sealed class ReaderLook(ReaderEntry entry, ReaderBrands brands, ReaderCookies cookies, LargeFiles files)
{
    private static readonly LinkLanding Nowhere = new(new LinkLook.Unknown(), null);
    private Task<BrandView?>? brand;
    private Task<LinkLanding>? landing;

    /// <returns>Null for the portal's own.</returns>
    public Task<BrandView?> OfAsync(HttpContext http) => brand ??= FindAsync(http);

    /// <summary>Of the link that they came by.</summary>
    public Task<LinkLanding> LandAsync(HttpContext http) => landing ??= FindLinkAsync(http);

    /// <summary>Of the link that a form was about: in another tab its reader may have come by a further one since.</summary>
    /// <returns>Null when that is no longer the browser's, or opens nothing.</returns>
    public async Task<string?> TokenAsync(HttpContext http, Guid? form) =>
        (await LandAsync(http)).Look is LinkLook.Open open && open.Id.Value == form ? cookies.ReadLink(http) : null;

    private async Task<LinkLanding> FindLinkAsync(HttpContext http)
    {
        if (cookies.ReadLink(http) is not { } token)
        {
            return Nowhere;
        }

        var found = await entry.LandAsync(token, ReaderCookies.ReadDevice(http), http.RequestAborted);

        // Of another organisation than the one whose host name this is: no notice of theirs leads here.
        return found.Brand is { } sent && await brands.AtHostAsync(http.Request.Host.Host, http.RequestAborted) is { } host && host.Organisation != sent.Organisation ? Nowhere : found;
    }

    private async Task<BrandView?> FindAsync(HttpContext http)
    {
        if (http.Request.Path.Equals("/read", StringComparison.OrdinalIgnoreCase) && (await LandAsync(http)).Brand is { } sent)
        {
            return sent;
        }

        if (http.Request.RouteValues["name"] is string name && cookies.ReadFile(http, name) is { } file && await files.FindAsync(file.Key, http.RequestAborted) is LargeFileAccess.Here here)
        {
            return await brands.OfAsync(here.File.Organisation, http.RequestAborted);
        }

        return http.Request.Path.StartsWithSegments("/read", StringComparison.OrdinalIgnoreCase) && await cookies.ReaderAsync(http) is { } reader
            ? await brands.OfReaderAsync(reader, http.RequestAborted)
            : await brands.AtHostAsync(http.Request.Host.Host, http.RequestAborted);
    }
}
