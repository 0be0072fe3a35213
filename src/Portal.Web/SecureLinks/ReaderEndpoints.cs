using Microsoft.AspNetCore.Antiforgery;
using Portal.Application;
using Portal.Application.SecureLinks;
using Portal.Web.Inbox;
using Portal.Web.Shell;

namespace Portal.Web.SecureLinks;

/// <summary>What readers from outside are served beside their pages. What does not exist and what is another's answer alike: 404.</summary>
internal static class ReaderEndpoints
{
    /// <summary>Where one shows who one is; it says why.</summary>
    public const string Over = "/read?left=over";

    /// <summary>The page of a link as it is by now.</summary>
    public const string LinkAgain = $"/read?{StaleForms.Mark}=true";

    public const string OutOfDate = $"/read/mailbox?{StaleForms.Mark}=true";

    public static bool AreTheirs(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/read", StringComparison.OrdinalIgnoreCase) || http.Request.Path.StartsWithSegments("/open", StringComparison.OrdinalIgnoreCase);

    public static void MapReaders(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/open/{token}", [HttpMethods.Get, HttpMethods.Head], Land).AllowAnonymous();
        routes.Map("/open/{**rest}", () => Results.Redirect("/read")).AllowAnonymous();
        routes.Map("/read/{**rest}", ElsewhereAsync).AllowAnonymous();
        routes.MapPost("/read/leave", LeaveAsync).AllowAnonymous();
        routes.MapGet("/read/{id:guid}/body", BodyAsync).AllowAnonymous();
        routes.MapGet("/read/{id:guid}/attachments/{index:int}", AttachmentAsync).AllowAnonymous();
        routes.MapGet("/read/{id:guid}/message", MessageAsync).AllowAnonymous();
        routes.MapGet("/read/{id:guid}/original", OriginalAsync).AllowAnonymous();
    }

    /// <summary>Changes nothing here, whoever asks: scanners of mail follow every link.</summary>
    private static IResult Land(string token, HttpContext http, ReaderCookies cookies)
    {
        cookies.KeepLink(http, token.Length <= 64 ? token : string.Empty);
        return Results.Redirect("/read");
    }

    private static async Task<IResult> ElsewhereAsync(HttpContext http, ReaderCookies cookies) =>
        await cookies.ReaderAsync(http) is not null ? Results.NotFound() : Results.Redirect(Over);

    private static async Task<IResult> LeaveAsync(HttpContext http, ReaderCookies cookies, ReaderSessions sessions, IAntiforgery antiforgery)
    {
        if (!await OwnPagesOnly.IsOwnFormAsync(http, antiforgery))
        {
            return Results.Redirect(OutOfDate);
        }

        if (await cookies.ReaderAsync(http) is { } reader)
        {
            await sessions.EndAsync(reader, CancellationToken.None);
        }

        ReaderCookies.Forget(http);
        return Results.Redirect("/read?left=true");
    }

    private static async Task<IResult> BodyAsync(HttpContext http, Guid id, ReaderCookies cookies, LinkContents contents, CancellationToken cancellationToken) =>
        await cookies.ReaderAsync(http) is { } reader
            ? MailBody.Of(http, await contents.BodyAsync(reader, SecureLinkId.From(id), cancellationToken))
            : Results.Redirect(Over);

    private static async Task<IResult> AttachmentAsync(HttpContext http, Guid id, int index, ReaderCookies cookies, LinkContents contents, CancellationToken cancellationToken) =>
        await cookies.ReaderAsync(http) is { } reader
            ? FileDownload.Of(http, await contents.AttachmentAsync(reader, SecureLinkId.From(id), index, FileDownload.IsAnew(http), cancellationToken))
            : Results.Redirect(Over);

    private static async Task<IResult> MessageAsync(HttpContext http, Guid id, ReaderCookies cookies, LinkContents contents, CancellationToken cancellationToken) =>
        await cookies.ReaderAsync(http) is { } reader
            ? FileDownload.Of(http, await contents.MessageAsync(reader, SecureLinkId.From(id), cancellationToken))
            : Results.Redirect(Over);

    private static async Task<IResult> OriginalAsync(HttpContext http, Guid id, ReaderCookies cookies, LinkContents contents, CancellationToken cancellationToken) =>
        await cookies.ReaderAsync(http) is { } reader
            ? FileDownload.Of(http, await contents.OriginalAsync(reader, SecureLinkId.From(id), cancellationToken))
            : Results.Redirect(Over);
}
