using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Portal.Application.LargeFiles;
using Portal.Application.SecureLinks.Answers;
using Portal.Web.Shell;

namespace Portal.Web.SecureLinks;

/// <summary>Files of what readers write, a part at a time, where their browser has a script; without one they come with the form.</summary>
internal static class ReaderFileEndpoints
{
    public static void MapReaderFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/read/drafts/{id:guid}/files", BeginAsync).AllowAnonymous();
        routes.MapGet("/read/drafts/{id:guid}/files/{file:guid}", LookAsync).AllowAnonymous();
        routes.MapPatch("/read/drafts/{id:guid}/files/{file:guid}", ContinueAsync).AllowAnonymous().WithMetadata(new DisableRequestSizeLimitAttribute());
    }

    private static Task<IResult> BeginAsync(HttpContext http, Guid id, ReaderCookies cookies, ReaderFiles files, IAntiforgery antiforgery, CancellationToken cancellationToken) =>
        ResumableUpload.BeginAsync(
            http,
            antiforgery,
            async file => await cookies.ReaderAsync(http) is { } reader ? await files.BeginAsync(reader, ReaderDraftId.From(id), file, cancellationToken) : new FileTaking.NotFound(),
            file => $"/read/drafts/{id}/files/{file}");

    private static async Task<IResult> LookAsync(HttpContext http, Guid id, Guid file, ReaderCookies cookies, ReaderFiles files, CancellationToken cancellationToken) =>
        ResumableUpload.Look(http, await ProgressAsync(http, id, file, cookies, files, cancellationToken));

    private static Task<IResult> ContinueAsync(
        HttpContext http, Guid id, Guid file, ReaderCookies cookies, ReaderFiles files, IAntiforgery antiforgery, CancellationToken cancellationToken) =>
        ResumableUpload.ContinueAsync(
            http,
            antiforgery,
            () => ProgressAsync(http, id, file, cookies, files, cancellationToken),
            async (offset, part) => await cookies.ReaderAsync(http) is { } reader
                ? await files.ContinueAsync(reader, ReaderDraftId.From(id), ReaderFileId.From(file), offset, part, cancellationToken)
                : new FileTaking.NotFound());

    private static async Task<FileProgress?> ProgressAsync(HttpContext http, Guid id, Guid file, ReaderCookies cookies, ReaderFiles files, CancellationToken cancellationToken) =>
        await cookies.ReaderAsync(http) is { } reader ? await files.ProgressAsync(reader, ReaderDraftId.From(id), ReaderFileId.From(file), cancellationToken) : null;
}
