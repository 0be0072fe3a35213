using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Smime.Keys;

namespace Portal.Application.Inbox;

/// <summary>One message, for the person whose mailbox it is in.</summary>
public sealed class MessageReading
{
    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly Reopening _reopening;
    private readonly SealedBlobs _blobs;
    private readonly AttachmentDownloads _attachments;

    internal MessageReading(PortalDatabase database, DataKeys keys, Reopening reopening, SealedBlobs blobs, AttachmentDownloads attachments) =>
        (_database, _keys, _reopening, _blobs, _attachments) = (database, keys, reopening, blobs, attachments);

    /// <summary>The first opening is recorded, and marks the message as read.</summary>
    public async Task<MessageOpening> OpenAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        if (await FindInItsPlaceAsync(actor, id, cancellationToken) is not { Message: var message } found)
        {
            return new MessageOpening.NotFound();
        }

        if (message.State == MessageState.Arrived)
        {
            return new MessageOpening.Waiting(message.WaitsFor, message.At);
        }

        try
        {
            using var key = await _keys.OfMailboxAsync(actor.Organisation, message.MailboxId, cancellationToken);
            var report = MessageReport.Open(key, message);
            await RecordOpeningAsync(actor, message, cancellationToken);
            return message.State == MessageState.Broken && !report.HasBody
                ? new MessageOpening.Broken(report.Verdict, message.At)
                : new MessageOpening.Opened(View(found, report, key));
        }
        catch (KeyStoreException)
        {
            return new MessageOpening.KeyUnavailable();
        }
    }

    /// <returns>Null when there is no such message, or nothing to show of it.</returns>
    /// <exception cref="KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<BodyDocument?> BodyAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        if (await FindOpenedAsync(actor, id, cancellationToken) is not var (message, raw))
        {
            return null;
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, message.MailboxId, cancellationToken);
        var report = MessageReport.Open(key, message);
        await using var reopened = await _reopening.OpenAsync(message, raw, cancellationToken);
        return await BodyRendering.RenderAsync(reopened.Contents, report.PlainTextOnly, cancellationToken) is { } rendered
            ? new BodyDocument(rendered.Html)
            : null;
    }

    /// <param name="actor">Whose message.</param>
    /// <param name="id">Which.</param>
    /// <param name="index">Of the attachment.</param>
    /// <param name="isAnew">It is fetched from its beginning.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when there is no such attachment.</returns>
    /// <exception cref="KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<Download?> AttachmentAsync(Actor.Person actor, StoredMessageId id, int index, bool isAnew, CancellationToken cancellationToken)
    {
        if (await FindOpenedAsync(actor, id, cancellationToken) is not var (message, raw))
        {
            return null;
        }

        await using var reopened = await _reopening.OpenAsync(message, raw, cancellationToken);
        if (await _attachments.OpenAsync(reopened.Contents, index, isAnew, cancellationToken) is not { } download)
        {
            return null;
        }

        await RecordAsync(actor, AuditAction.AttachmentDownloaded, id, new Dictionary<string, string> { ["index"] = $"{index}" }, cancellationToken);
        return download;
    }

    /// <summary>The raw bytes, as they came.</summary>
    /// <exception cref="KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<Download?> SourceAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(actor, id, cancellationToken) is not { } message)
        {
            return null;
        }

        var raw = await _blobs.OpenAsync(actor.Organisation, message.RawId, cancellationToken);
        await RecordAsync(actor, AuditAction.MessageDownloaded, id, null, cancellationToken);
        return new Download($"message-{id}.eml", "message/rfc822", message.Size, raw);
    }

    private async Task<StoredMessage?> FindAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.MessagesOf(actor).SingleOrDefaultAsync(one => one.Id == id, cancellationToken);
    }

    private async Task<InItsPlace?> FindInItsPlaceAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var found = await db.MessagesOf(actor)
            .Where(one => one.Id == id)
            .Join(db.Folders, one => one.FolderId, folder => folder.Id, (one, folder) => new { Message = one, folder.Kind })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null
            ? null
            : new InItsPlace(found.Message, found.Kind, found.Message.HasArrived ? [] : await Deliveries.OfSentCopyAsync(db, actor.Organisation, id, cancellationToken));
    }

    private async Task<(StoredMessage Message, FoundBlob Raw)?> FindOpenedAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.FindOpenedAsync(actor, id, cancellationToken);
    }

    private static MessageView View(InItsPlace found, MessageReport report, SealingKey key)
    {
        var message = found.Message;
        return new MessageView(
            message.Id,
            message.MailboxId,
            found.Folder,
            report.Subject,
            report.From,
            report.To,
            report.Cc,
            report.Bcc,
            report.ReplyToElsewhere,
            report.Date,
            message.At,
            report.Verdict,
            report.HasBody,
            report.RemoteContent,
            report.Attachments,
            found.Deliveries.View(key),
            report.List,
            !message.HasArrived);
    }

    private async Task RecordOpeningAsync(Actor.Person actor, StoredMessage message, CancellationToken cancellationToken)
    {
        if (message.IsRead)
        {
            return;
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var row = await db.MessagesOf(actor).SingleAsync(one => one.Id == message.Id, cancellationToken);
        row.Mark(read: true);
        db.Record(new AuditEvent(actor, AuditAction.MessageOpened, message.Id.Value));
        db.Announce(message.MailboxId);
        await db.CommitAsync(cancellationToken);
    }

    private async Task RecordAsync(
        Actor.Person actor, AuditAction action, StoredMessageId id, IReadOnlyDictionary<string, string>? detail, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        db.Record(new AuditEvent(actor, action, id.Value, detail));
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>All that one transaction tells about a message.</summary>
    private sealed record InItsPlace(StoredMessage Message, FolderKind Folder, IReadOnlyList<Delivery> Deliveries);
}
