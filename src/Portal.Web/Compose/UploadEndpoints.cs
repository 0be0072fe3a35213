using System.Buffers;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.Compose;
using Portal.Web.Shell;

namespace Portal.Web.Compose;

/// <summary>Files go from the request straight into sealed blobs: no buffering, no temporary file, no circuit.</summary>
internal static class UploadEndpoints
{
    private const string FormHeader = "X-Portal-Form";

    public static void MapUploads(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/drafts/{id:guid}/attachments", UploadAsync)
            .RequireAuthorization(nameof(Permission.UseMail))
            .WithMetadata(new DisableRequestSizeLimitAttribute());

    private static async Task<IResult> UploadAsync(HttpContext context, Guid id, Drafts drafts, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        // Without the header antiforgery would look into the form, and so read the file.
        if (!context.Request.Headers.ContainsKey(FormHeader) || !await antiforgery.IsRequestValidAsync(context))
        {
            return Says(StatusCodes.Status400BadRequest, ComposeTexts.UploadOutdated);
        }

        if (Sessions.ActorOf(context.User) is not { } actor)
        {
            return Results.NotFound();
        }

        if (Boundary(context.Request) is not { } boundary)
        {
            return Says(StatusCodes.Status415UnsupportedMediaType, ComposeTexts.UploadOnlyFiles);
        }

        try
        {
            return await FirstFileAsync(context, actor, DraftId.From(id), boundary, drafts, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return Says(StatusCodes.Status400BadRequest, ComposeTexts.UploadInterrupted);
        }
    }

    private static async Task<IResult> FirstFileAsync(HttpContext context, Actor.Person actor, DraftId id, string boundary, Drafts drafts, CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(boundary, context.Request.Body);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (section.GetContentDispositionHeader() is not { } disposition || !disposition.IsFileDisposition())
            {
                continue;
            }

            var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
            // How browsers write a quotation mark here (HTML, multipart form data).
            var fileName = FileDownload.SafeName(HeaderUtilities.RemoveQuotes(name).ToString().Replace("%22", "\"", StringComparison.Ordinal));
            var mediaType = section.ContentType is { Length: > 0 and < 128 } stated ? stated : "application/octet-stream";
            var attaching = await drafts.AttachAsync(actor, id, fileName, mediaType, section.Body, cancellationToken);
            return attaching switch
            {
                Attaching.Attached attached => Results.Ok(new { id = attached.Attachment.Id.Value }),
                Attaching.MailboxFull => Says(StatusCodes.Status507InsufficientStorage, ComposeTexts.UploadFull),
                Attaching.TooLarge tooLarge => await TooLargeAsync(section.Body, tooLarge.Limit, cancellationToken),
                _ => Results.NotFound(),
            };
        }

        return Says(StatusCodes.Status400BadRequest, ComposeTexts.UploadEmpty);
    }

    /// <summary>A browser hears the answer only after it has sent its file, so a file not absurdly large is read to its end.</summary>
    private static async Task<IResult> TooLargeAsync(Stream rest, long limit, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var left = 4 * limit;
            for (var read = 1; read > 0 && left > 0; left -= read)
            {
                read = await rest.ReadAsync(buffer, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        return Says(StatusCodes.Status413PayloadTooLarge, ComposeTexts.UploadTooLarge.With(FileSize.Of(limit)));
    }

    private static string? Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 100 } boundary
            ? boundary.ToString()
            : null;

    private static IResult Says(int status, string message) => Results.Json(new { message }, statusCode: status);
}
