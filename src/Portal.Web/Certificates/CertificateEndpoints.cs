using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.Certificates;
using Portal.Application.KeyManagement;
using Portal.Application.Trust;
using Portal.Web.Shell;

namespace Portal.Web.Certificates;

internal static class CertificateEndpoints
{
    public static void MapCertificates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/organisation/certificates/{id:guid}/file", DownloadAsync).RequireAuthorization(nameof(Permission.ManageCertificates));
        routes.MapGet("/account/certificates/{id:guid}/file", DownloadOwnAsync).RequireAuthorization(nameof(Permission.UseMail));
        routes.MapGet("/organisation/authorities/{id:guid}/request", DownloadRequestAsync).RequireAuthorization(nameof(Permission.ManageCertificates));
        routes.MapGet("/organisation/certificates/requests", DownloadRequestsAsync).RequireAuthorization(nameof(Permission.ManageCertificates));
        routes.MapGet("/organisation/certificates/requests/{id:guid}", DownloadRequestsAsync).RequireAuthorization(nameof(Permission.ManageCertificates));
        routes.MapGet("/organisation/certificates/lists/{id:guid}/outcomes", DownloadOutcomesAsync).RequireAuthorization(nameof(Permission.ManageCertificates));
        routes.MapGet("/certificates", LookUpAsync).AllowAnonymous();
        routes.MapPost("/account/certificates/keys", DownloadKeysAsync).RequireAuthorization(nameof(Permission.UseMail));
    }

    // By whichever name of the attribute (RFC 4387 §2.1 has "email"); an address of which nothing is told is not there.
    private static async Task<IResult> LookUpAsync(HttpContext context, string? email, PublicDirectory directory, DirectoryLimits limits, CancellationToken cancellationToken)
    {
        if (!limits.MayAsk(context))
        {
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        if (await directory.FindAsync(email ?? string.Empty, Sessions.ActorOf(context.User), cancellationToken) is not { } entry)
        {
            return Results.NotFound();
        }

        return context.Request.GetTypedHeaders().Accept.Any(one => one.MediaType.Equals("application/pkix-cert", StringComparison.OrdinalIgnoreCase))
            ? Results.Bytes(entry.Certificate, "application/pkix-cert", "certificate.cer")
            : Results.Bytes(entry.WithChain, "application/pkcs7-mime; smime-type=certs-only", "certificate.p7c");
    }

    private static async Task<IResult> DownloadRequestAsync(HttpContext context, Guid id, Authorities authorities, CancellationToken cancellationToken)
    {
        if (Sessions.ActorOf(context.User) is not { } actor || await authorities.RequestFileAsync(actor, new CertificateId(id), cancellationToken) is not { } pem)
        {
            return Results.NotFound();
        }

        var content = Encoding.ASCII.GetBytes(pem);
        return FileDownload.Of(context, new Download("authority.csr", "application/pkcs10", content.Length, new MemoryStream(content)));
    }

    private static async Task<IResult> DownloadRequestsAsync(HttpContext context, Guid? id, OutsideEnrolment outside, CancellationToken cancellationToken)
    {
        if (Sessions.ActorOf(context.User) is not { } actor || await outside.FileAsync(actor, id is { } one ? new CertificateId(one) : null, cancellationToken) is not { } pem)
        {
            return Results.NotFound();
        }

        var content = Encoding.ASCII.GetBytes(pem);
        return FileDownload.Of(context, new Download("requests.csr", "application/pkcs10", content.Length, new MemoryStream(content)));
    }

    private static async Task<IResult> DownloadOutcomesAsync(HttpContext context, Guid id, Issuance issuance, CancellationToken cancellationToken)
    {
        if (Sessions.ActorOf(context.User) is not { } actor || await issuance.OutcomesAsync(actor, new IssuanceBatchId(id), cancellationToken) is not { } content)
        {
            return Results.NotFound();
        }

        return FileDownload.Of(context, new Download("outcomes.csv", "text/csv; charset=utf-8", content.Length, new MemoryStream(content)));
    }

    private static async Task<IResult> DownloadOwnAsync(HttpContext context, Guid id, OwnCertificates own, CancellationToken cancellationToken) =>
        Sessions.ActorOf(context.User) is { } actor && await own.FileAsync(actor, new CertificateId(id), cancellationToken) is { } encoded
            ? FileDownload.Of(context, new Download($"{id:N}.cer", "application/pkix-cert", encoded.Length, new MemoryStream(encoded)))
            : Results.NotFound();

    private static async Task<IResult> DownloadKeysAsync(HttpContext context, KeyExporting exporting, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(context) || Sessions.ActorOf(context.User) is not { } actor)
        {
            return Results.Redirect("/account/certificates");
        }

        var form = await context.Request.ReadFormAsync(cancellationToken);
        return await exporting.DownloadAsync(actor, form["password"].ToString(), cancellationToken) switch
        {
            KeyExport.Done { File: var file } => FileDownload.Of(context, new Download("keys.p12", "application/x-pkcs12", file.Length, new MemoryStream(file))),
            KeyExport.PasswordTooShort => Results.Redirect("/account/certificates?backup=short"),
            KeyExport.StoreAway => Results.Redirect("/account/certificates?backup=away"),
            _ => Results.Redirect("/account/certificates?backup=not-ready"),
        };
    }

    private static async Task<IResult> DownloadAsync(HttpContext context, Guid id, CertificateDesk desk, CancellationToken cancellationToken)
    {
        if (Sessions.ActorOf(context.User) is not { } actor
            || await desk.FindAsync(actor, new CertificateId(id), cancellationToken) is not { Encoded: { } encoded, Row: var row })
        {
            return Results.NotFound();
        }

        return FileDownload.Of(context, new Download($"{row.Address ?? row.Name ?? row.SerialNumber}.cer", "application/pkix-cert", encoded.Length, new MemoryStream(encoded)));
    }
}
