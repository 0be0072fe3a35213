using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Web.Shell;

namespace Portal.Web.Inbox;

/// <summary>What a message is made of. What does not exist and what is another's answer alike: 404.</summary>
internal static class MessageEndpoints
{
    // The frame has an opaque origin: no scripts, no forms, no cookies, nothing fetched from anywhere.
    private const string BodyPolicy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        + "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/messages/{id:guid}").RequireAuthorization(nameof(Permission.UseMail));
        messages.MapGet("/body", BodyAsync);
        messages.MapGet("/attachments/{index:int}", AttachmentAsync);
        messages.MapGet("/source", SourceAsync);
    }

    private static async Task<IResult> BodyAsync(HttpContext context, Guid id, MessageReading reading, CancellationToken cancellationToken)
    {
        if (Sessions.ActorOf(context.User) is not { } actor
            || await reading.BodyAsync(actor, StoredMessageId.From(id), cancellationToken) is not { } body)
        {
            return Results.NotFound();
        }

        context.Response.Headers.ContentSecurityPolicy = BodyPolicy;
        return Results.Content(body.Html, "text/html; charset=utf-8");
    }

    private static async Task<IResult> AttachmentAsync(HttpContext context, Guid id, int index, MessageReading reading, CancellationToken cancellationToken) =>
        Sessions.ActorOf(context.User) is { } actor
            ? FileDownload.Of(context, await reading.AttachmentAsync(actor, StoredMessageId.From(id), index, cancellationToken))
            : Results.NotFound();

    private static async Task<IResult> SourceAsync(HttpContext context, Guid id, MessageReading reading, CancellationToken cancellationToken) =>
        Sessions.ActorOf(context.User) is { } actor
            ? FileDownload.Of(context, await reading.SourceAsync(actor, StoredMessageId.From(id), cancellationToken))
            : Results.NotFound();
}
