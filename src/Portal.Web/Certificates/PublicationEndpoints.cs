using Microsoft.Net.Http.Headers;
using Portal.Application;
using Portal.Application.Certificates;

namespace Portal.Web.Certificates;

/// <summary>Where the addresses lead that stand in certificates (RFC 5280 §4.2.1.13, §4.2.2.1; RFC 2585): for everybody, over http too.</summary>
internal static class PublicationEndpoints
{
    /// <summary>What was revoked is to be known everywhere within a quarter of an hour.</summary>
    private static readonly TimeSpan ListsAreCached = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan CertificatesAreCached = TimeSpan.FromDays(1);

    public static void MapPublication(this IEndpointRouteBuilder routes)
    {
        string[] reading = ["GET", "HEAD"];
        routes.MapMethods("/pki/{authority:guid}.cer", reading, CertificateAsync).AllowAnonymous();
        routes.MapMethods("/pki/{authority:guid}/{partition:int:min(0)}.crl", reading, ListAsync).AllowAnonymous();
    }

    private static async Task<IResult> CertificateAsync(HttpContext context, Guid authority, PublishedFiles files, CancellationToken cancellationToken) =>
        Answer(context, await files.CertificateAsync(new CertificateId(authority), cancellationToken), "application/pkix-cert", CertificatesAreCached);

    private static async Task<IResult> ListAsync(HttpContext context, Guid authority, int partition, PublishedFiles files, CancellationToken cancellationToken) =>
        Answer(context, await files.RevocationListAsync(new CertificateId(authority), partition, cancellationToken), "application/pkix-crl", ListsAreCached);

    private static IResult Answer(HttpContext context, PublishedFile? file, string type, TimeSpan cached)
    {
        if (file is null)
        {
            return Results.NotFound();
        }

        context.Response.GetTypedHeaders().CacheControl = new CacheControlHeaderValue { Public = true, MaxAge = cached };
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Results.Bytes(file.Content, type, lastModified: file.Since, entityTag: new EntityTagHeaderValue($"\"{file.Tag}\""));
    }
}
