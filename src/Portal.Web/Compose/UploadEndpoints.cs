using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
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

        if (SentFiles.Boundary(context.Request) is not { } boundary)
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
            if (SentFiles.NameOf(section) is not { } fileName)
            {
                continue;
            }

            var attaching = await drafts.AttachAsync(actor, id, fileName, SentFiles.MediaTypeOf(section), section.Body, cancellationToken);
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

    private static async Task<IResult> TooLargeAsync(Stream rest, long limit, CancellationToken cancellationToken)
    {
        await SentFiles.PassOverAsync(rest, 4 * limit, cancellationToken);
        return Says(StatusCodes.Status413PayloadTooLarge, ComposeTexts.UploadTooLarge.With(FileSize.Of(limit)));
    }

    private static IResult Says(int status, string message) => Results.Json(new { message }, statusCode: status);
}
