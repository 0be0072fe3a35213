using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Inbox;

namespace Portal.Application.SecureLinks;

/// <summary>What is inside a message that its reader has opened in this session.</summary>
public sealed class LinkContents
{
    private readonly PortalDatabase _database;
    private readonly ReadersLinks _links;
    private readonly DataKeys _keys;
    private readonly SealedBlobs _blobs;
    private readonly AttachmentDownloads _attachments;
    private readonly TimeProvider _clock;

    internal LinkContents(PortalDatabase database, ReadersLinks links, DataKeys keys, SealedBlobs blobs, AttachmentDownloads attachments, TimeProvider clock) =>
        (_database, _links, _keys, _blobs, _attachments, _clock) = (database, links, keys, blobs, attachments, clock);

    /// <returns>Null when it was not opened in this session, or there is nothing to show of it.</returns>
    public async Task<BodyDocument?> BodyAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await ReopenAsync(reader, id, cancellationToken) is not { } reopened)
        {
            return null;
        }

        await using (reopened)
        {
            return await BodyRendering.RenderAsync(reopened.Contents, plainTextOnly: false, cancellationToken) is not { } rendered ? null
                : new BodyDocument(await WatermarkAsync(reader, id, cancellationToken) is { } mark ? Watermark.Over(rendered.Html, mark) : rendered.Html);
        }
    }

    /// <param name="reader">Whose link it is.</param>
    /// <param name="id">The link.</param>
    /// <param name="index">Of the attachment.</param>
    /// <param name="isAnew">It is fetched from its beginning.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when it was not opened in this session, or there is no such attachment.</returns>
    public async Task<Download?> AttachmentAsync(SignedInReader reader, SecureLinkId id, int index, bool isAnew, CancellationToken cancellationToken)
    {
        if (await ReopenAsync(reader, id, cancellationToken, asFile: true) is not { } reopened)
        {
            return null;
        }

        await using (reopened)
        {
            if (await _attachments.OpenAsync(reopened.Contents, index, isAnew, cancellationToken) is not { } download)
            {
                return null;
            }

            await RecordAsync(reader, id, AuditAction.AttachmentDownloaded, "index", $"{index}", isAnew, cancellationToken);
            return download;
        }
    }

    /// <summary>The message as it was signed.</summary>
    /// <returns>Null when it was not opened in this session, or the organisation gives no originals.</returns>
    public async Task<Download?> OriginalAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        var organisation = reader.Actor.Organisation;
        if (await _links.FindAsync(reader, id, cancellationToken) is not { GivesOriginal: true } found || found.Link.Message.ForbidsDownloads || _links.Closed(found) is not null || found.Key(reader) is not { } content)
        {
            return null;
        }

        using (content)
        {
            var raw = await _blobs.OpenAsync(organisation, found.Link.Content, content, cancellationToken);
            await RecordAsync(reader, id, AuditAction.MessageDownloaded, "form", "original", isAnew: true, cancellationToken);
            return new Download($"{SafeFileName.Of(found.Link.Message.Report(content).Subject, 0)}-signed.eml", "message/rfc822", raw.Length, raw);
        }
    }

    /// <summary>The message without its signature, as every mail program reads it.</summary>
    /// <returns>Null when it was not opened in this session.</returns>
    public async Task<Download?> MessageAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await ReopenAsync(reader, id, cancellationToken, asFile: true) is not { } reopened)
        {
            return null;
        }

        await using (reopened)
        {
            var readable = await reopened.ReadableAsync(cancellationToken);
            await RecordAsync(reader, id, AuditAction.MessageDownloaded, "form", "message", isAnew: true, cancellationToken);
            return new Download($"message-{id}.eml", "message/rfc822", readable.Length, readable);
        }
    }

    /// <returns>Null for a message without text, or one that was not opened in this session.</returns>
    internal async Task<string?> WordsAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await ReopenAsync(reader, id, cancellationToken) is not { } reopened)
        {
            return null;
        }

        await using (reopened)
        {
            return await BodyRendering.WordsAsync(reopened.Contents, cancellationToken);
        }
    }

    /// <summary>On record for auditors, and for the sender.</summary>
    private async Task RecordAsync(SignedInReader reader, SecureLinkId id, AuditAction action, string fact, string value, bool isAnew, CancellationToken cancellationToken)
    {
        var actor = reader.Actor;
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (isAnew)
        {
            await db.LinkOpenings
                .Where(one => one.OrganisationId == actor.Organisation && one.LinkId == id && one.SessionId == actor.Session)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Downloads, one => one.Downloads + 1), cancellationToken);
        }

        db.Record(new AuditEvent(actor, action, id.Value, new Dictionary<string, string> { [fact] = value }));
        await db.CommitAsync(cancellationToken);
    }

    /// <returns>What is drawn over the text; null for nothing.</returns>
    private async Task<string?> WatermarkAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await _links.FindAsync(reader, id, cancellationToken) is not { Link: { Message.HasWatermark: true } link })
        {
            return null;
        }

        using var key = await _keys.OfOrganisationAsync(reader.Actor.Organisation, cancellationToken);
        return $"{link.Reader.Address(key)} · {_clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC";
    }

    private async Task<ReopenedMessage?> ReopenAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken, bool asFile = false)
    {
        if (await _links.FindAsync(reader, id, cancellationToken) is not { } found || (asFile && found.Link.Message.ForbidsDownloads) || _links.Closed(found) is not null || found.Key(reader) is not { } content)
        {
            return null;
        }

        using (content)
        {
            return await Reopening.OpenAsync(
                await _blobs.OpenAsync(reader.Actor.Organisation, found.Link.Content, content, cancellationToken), [], found.Link.Message.CreatedAt, cancellationToken);
        }
    }
}
