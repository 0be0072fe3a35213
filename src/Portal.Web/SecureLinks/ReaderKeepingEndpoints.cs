using System.Security.Cryptography;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Portal.Application.SecureLinks;
using Portal.Web.Shell;

namespace Portal.Web.SecureLinks;

/// <summary>What readers take along, and what they hand in: forms that work without a script.</summary>
internal static class ReaderKeepingEndpoints
{
    /// <summary>Of a form; a file that is larger than it may be is still answered in words.</summary>
    private const int LargestForm = 4 << 20;

    public static void MapReaderKeeping(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/read/export", ExportAsync).AllowAnonymous();
        routes.MapPost("/read/certificate", HandInAsync).AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(LargestForm));
    }

    private static async Task<IResult> ExportAsync(HttpContext http, ReaderCookies cookies, ReaderExport export, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        if (!await OwnPagesOnly.IsOwnFormAsync(http, antiforgery))
        {
            return Results.Redirect(ReaderEndpoints.OutOfDate);
        }

        if (await cookies.ReaderAsync(http) is not { } reader)
        {
            return Results.Redirect(ReaderEndpoints.Over);
        }

        var form = await http.Request.ReadFormAsync(cancellationToken);
        return await export.PrepareAsync(reader, form["unopened"] == "true", cancellationToken) is { } plan
            ? new ExportResult(export, plan)
            : Results.Redirect("/read/mailbox");
    }

    private static async Task<IResult> HandInAsync(HttpContext http, ReaderCookies cookies, ReaderCertificates certificates, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        // In memory, whatever it is: somebody may hand in a private key by mistake, and it shall not touch a disk.
        http.Features.Set<IFormFeature>(new FormFeature(http.Request, new FormOptions { MemoryBufferThreshold = LargestForm, MultipartBodyLengthLimit = LargestForm }));
        IFormFile? file;
        try
        {
            file = (await http.Request.ReadFormAsync(cancellationToken)).Files.GetFile("file");
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException)
        {
            return Back(HandedInCertificate.TooLarge);
        }

        if (!await OwnPagesOnly.IsOwnFormAsync(http, antiforgery))
        {
            return Results.Redirect(ReaderEndpoints.OutOfDate);
        }

        if (await cookies.ReaderAsync(http) is not { } reader)
        {
            return Results.Redirect(ReaderEndpoints.Over);
        }

        if (file is null or { Length: > ReaderCertificates.Largest })
        {
            return Back(file is null ? HandedInCertificate.Unreadable : HandedInCertificate.TooLarge);
        }

        var bytes = new byte[file.Length];
        await using (var content = file.OpenReadStream())
        {
            await content.ReadExactlyAsync(bytes, cancellationToken);
        }

        var outcome = await certificates.HandInAsync(reader, bytes, cancellationToken);
        CryptographicOperations.ZeroMemory(bytes);
        return Back(outcome);
    }

    private static IResult Back(HandedInCertificate outcome) => Results.Redirect($"/read/mailbox?certificate={outcome}#certificate");

    /// <summary>Streams the archive. What breaks off is broken off for the browser too: it must not look whole.</summary>
    private sealed class ExportResult(ReaderExport export, ReaderExportPlan plan) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            FileDownload.Announce(httpContext, "messages.zip", "application/zip");
            var isWhole = false;
            try
            {
                isWhole = await export.WriteAsync(plan, httpContext.Response.Body, httpContext.RequestAborted);
            }
            finally
            {
                if (!isWhole && httpContext.Response.HasStarted)
                {
                    httpContext.Abort();
                }
            }

            if (!isWhole && !httpContext.Response.HasStarted)
            {
                httpContext.Response.Clear();
                httpContext.Response.Redirect("/read?left=away");
            }
        }
    }
}
