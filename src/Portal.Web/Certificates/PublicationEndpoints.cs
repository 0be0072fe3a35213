using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Portal.Application;
using Portal.Application.Certificates;

namespace Portal.Web.Certificates;

/// <summary>Where the addresses lead that stand in certificates (RFC 5280 §4.2.1.13, §4.2.2.1; RFC 2585): for everybody, over http too.</summary>
internal static class PublicationEndpoints
{
    /// <summary>What was revoked is to be known everywhere within a quarter of an hour.</summary>
    private static readonly TimeSpan ListsAreCached = TimeSpan.FromMinutes(10);

    /// <summary>Of an OCSP request: one certificate takes some hundred bytes.</summary>
    private const int LongestRequest = 4096;

    private static readonly TimeSpan CertificatesAreCached = TimeSpan.FromDays(1);

    public static void MapPublication(this IEndpointRouteBuilder routes)
    {
        // Nobody is known here, and nothing is asked of whom: sessions, languages and permissions are passed over.
        string[] reading = ["GET", "HEAD"];
        routes.MapMethods("/pki/{authority:guid}.cer", reading, CertificateAsync).ShortCircuit();
        routes.MapMethods("/pki/{authority:guid}/{partition:int:min(0)}.crl", reading, ListAsync).ShortCircuit();
        routes.MapPost("/pki/{authority:guid}/ocsp", AskAsync).ShortCircuit();
        routes.MapGet("/pki/{authority:guid}/ocsp/{**request}", AskInAddressAsync).ShortCircuit();
        routes.MapMethods("/pki/{**other}", [.. reading, "POST"], () => Results.NotFound()).ShortCircuit();
    }

    private static async Task<IResult> CertificateAsync(HttpContext context, Guid authority, PublishedFiles files, CancellationToken cancellationToken) =>
        Answer(context, await files.CertificateAsync(new CertificateId(authority), cancellationToken), "application/pkix-cert", CertificatesAreCached);

    private static async Task<IResult> ListAsync(HttpContext context, Guid authority, int partition, PublishedFiles files, CancellationToken cancellationToken) =>
        Answer(context, await files.RevocationListAsync(new CertificateId(authority), partition, cancellationToken), "application/pkix-crl", ListsAreCached);

    private static async Task<IResult> AskAsync(HttpContext context, Guid authority, OcspAnswers answers, CancellationToken cancellationToken)
    {
        var request = new byte[LongestRequest + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(request, request.Length, throwOnEndOfStream: false, cancellationToken);
        return length > LongestRequest
            ? Results.StatusCode(StatusCodes.Status413PayloadTooLarge)
            : Answer(context, await answers.AskAsync(new CertificateId(authority), request.AsMemory(0, length), cancellationToken), mayBeKept: false);
    }

    // RFC 6960, appendix A.1: base64, then escaped; some clients escape the slashes, some do not.
    private static async Task<IResult> AskInAddressAsync(HttpContext context, Guid authority, string? request, OcspAnswers answers, CancellationToken cancellationToken)
    {
        var encoded = new byte[LongestRequest];
        var isBase64 = Convert.TryFromBase64String(Uri.UnescapeDataString(request ?? string.Empty), encoded, out var length);
        return Answer(context, await answers.AskAsync(new CertificateId(authority), encoded.AsMemory(0, isBase64 ? length : 0), cancellationToken), mayBeKept: true);
    }

    // RFC 5019 §6.2: what is kept on the way is kept until there is something newer.
    private static IResult Answer(HttpContext context, OcspAnswer answer, bool mayBeKept)
    {
        if (mayBeKept && answer is { ProducedAt: { } at, NextUpdate: { } next })
        {
            var headers = context.Response.GetTypedHeaders();
            var left = next - context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            headers.CacheControl = new CacheControlHeaderValue { Public = true, MaxAge = left > TimeSpan.Zero ? left : TimeSpan.Zero, NoTransform = true, MustRevalidate = true };
            headers.Expires = next;
            headers.LastModified = at;
            headers.ETag = new EntityTagHeaderValue($"\"{Convert.ToHexString(SHA256.HashData(answer.Content).AsSpan(0, 16))}\"");
        }

        return Results.Bytes(answer.Content, "application/ocsp-response");
    }

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
