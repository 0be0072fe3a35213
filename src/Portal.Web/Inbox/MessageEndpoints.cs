using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Web.Shell;

namespace Portal.Web.Inbox;

/// <summary>What a message is made of. What does not exist and what is another's answer alike: 404.</summary>
internal static class MessageEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/messages/{id:guid}").RequireAuthorization(nameof(Permission.UseMail));
        messages.MapGet("/body", BodyAsync);
        messages.MapGet("/attachments/{index:int}", AttachmentAsync);
        messages.MapGet("/source", SourceAsync);
    }

    private static async Task<IResult> BodyAsync(HttpContext context, Guid id, MessageReading reading, CancellationToken cancellationToken) =>
        Sessions.ActorOf(context.User) is { } actor
            ? MailBody.Of(context, await reading.BodyAsync(actor, StoredMessageId.From(id), cancellationToken))
            : Results.NotFound();

    private static async Task<IResult> AttachmentAsync(HttpContext context, Guid id, int index, MessageReading reading, CancellationToken cancellationToken) =>
        Sessions.ActorOf(context.User) is { } actor
            ? FileDownload.Of(context, await reading.AttachmentAsync(actor, StoredMessageId.From(id), index, FileDownload.IsAnew(context), cancellationToken))
            : Results.NotFound();

    private static async Task<IResult> SourceAsync(HttpContext context, Guid id, MessageReading reading, CancellationToken cancellationToken) =>
        Sessions.ActorOf(context.User) is { } actor
            ? FileDownload.Of(context, await reading.SourceAsync(actor, StoredMessageId.From(id), cancellationToken))
            : Results.NotFound();
}
