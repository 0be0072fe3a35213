using Portal.Application.Brands;
using Portal.Application.LargeFiles;
using Portal.Application.SecureLinks;

namespace Portal.Web.SecureLinks;

/// <summary>In whose colours a reader's page is drawn, found once for each request: of whoever wrote to them, or else of whose host name they came by.</summary>
internal sealed class ReaderLook(ReaderBrands brands, ReaderCookies cookies, LargeFiles files)
{
    private Task<BrandView?>? found;

    /// <returns>Null for the portal's own.</returns>
    public Task<BrandView?> OfAsync(HttpContext http) => found ??= FindAsync(http);

    /// <summary>The link is another organisation's than the one whose host name this is: no notice of theirs leads here.</summary>
    public async Task<bool> IsElsewhereAsync(HttpContext http) =>
        await brands.AtHostAsync(http.Request.Host.Host, http.RequestAborted) is { } host
        && cookies.ReadLink(http) is { } token
        && await brands.OfLinkAsync(token, http.RequestAborted) is { } sent
        && sent.Organisation != host.Organisation;

    private async Task<BrandView?> FindAsync(HttpContext http)
    {
        if (http.Request.Path.Equals("/read", StringComparison.OrdinalIgnoreCase)
            && !await IsElsewhereAsync(http)
            && cookies.ReadLink(http) is { } token
            && await brands.OfLinkAsync(token, http.RequestAborted) is { } sent)
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
