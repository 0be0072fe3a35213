using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.Compose;
using Portal.Application.LargeFiles;
using Portal.Web.Shell;

namespace Portal.Web.Compose;

/// <summary>Files go from the request straight into sealed blobs: no buffering, no temporary file, no circuit.</summary>
internal static class UploadEndpoints
{
    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup(string.Empty).RequireAuthorization(nameof(Permission.UseMail));
        files.MapPost("/drafts/{id:guid}/attachments", BeginAsync);
        files.MapGet("/drafts/{id:guid}/attachments/{file:guid}", LookAsync);
        files.MapPatch("/drafts/{id:guid}/attachments/{file:guid}", ContinueAsync).WithMetadata(new DisableRequestSizeLimitAttribute());
    }

    private static Task<IResult> BeginAsync(HttpContext http, Guid id, DraftFiles files, IAntiforgery antiforgery, CancellationToken cancellationToken) => ResumableUpload.BeginAsync(
        http,
        antiforgery,
        async file => Sessions.ActorOf(http.User) is { } actor ? await files.BeginAsync(actor, DraftId.From(id), file, cancellationToken) : new FileTaking.NotFound(),
        file => $"/drafts/{id}/attachments/{file}");

    private static async Task<IResult> LookAsync(HttpContext http, Guid id, Guid file, DraftFiles files, CancellationToken cancellationToken) =>
        ResumableUpload.Look(http, await ProgressAsync(http, id, file, files, cancellationToken));

    private static Task<IResult> ContinueAsync(HttpContext http, Guid id, Guid file, DraftFiles files, IAntiforgery antiforgery, CancellationToken cancellationToken) => ResumableUpload.ContinueAsync(
        http,
        antiforgery,
        () => ProgressAsync(http, id, file, files, cancellationToken),
        async (offset, part) => Sessions.ActorOf(http.User) is { } actor
            ? await files.ContinueAsync(actor, DraftId.From(id), DraftAttachmentId.From(file), offset, part, cancellationToken)
            : new FileTaking.NotFound());

    private static async Task<FileProgress?> ProgressAsync(HttpContext http, Guid id, Guid file, DraftFiles files, CancellationToken cancellationToken) =>
        Sessions.ActorOf(http.User) is { } actor ? await files.ProgressAsync(actor, DraftId.From(id), DraftAttachmentId.From(file), cancellationToken) : null;
}
