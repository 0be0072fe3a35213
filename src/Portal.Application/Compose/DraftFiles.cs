using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Quotas;

namespace Portal.Application.Compose;

/// <summary>The files of a draft. They come a part at a time, and go on where a lost connection left them.</summary>
public sealed class DraftFiles
{
    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly SealedBlobs _blobs;
    private readonly FileIntake _intake;
    private readonly Quotas.Quotas _quotas;
    private readonly TimeProvider _clock;

    internal DraftFiles(PortalDatabase database, DataKeys keys, SealedBlobs blobs, FileIntake intake, Quotas.Quotas quotas, TimeProvider clock) =>
        (_database, _keys, _blobs, _intake, _quotas, _clock) = (database, keys, blobs, intake, quotas, clock);

    public Task<Quota> QuotaAsync(Actor actor, CancellationToken cancellationToken) => _quotas.OfAsync(actor.Organisation, cancellationToken);

    /// <summary>Begins a file, or finds one again that was begun and is not whole.</summary>
    public async Task<FileTaking> BeginAsync(Actor.Person actor, DraftId id, AnnouncedFile file, CancellationToken cancellationToken)
    {
        if (await FindAsync(actor, id, cancellationToken) is not { } found)
        {
            return new FileTaking.NotFound();
        }

        if (found.Draft.SendAt is not null)
        {
            return new FileTaking.Scheduled();
        }

        var limit = (await QuotaAsync(actor, cancellationToken)).FileBytes;
        if (file.Length < 0 || file.Length > limit)
        {
            return new FileTaking.TooLarge(limit);
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, found.Mailbox.Id, cancellationToken);
        var description = new FileDescription(SafeFileName.Of(file.FileName, found.Attachments.Count), file.MediaType, file.Mark, Sha256: null);
        if (found.Attachments.Find(one => !one.IsWhole && one.Length == file.Length && one.Description(key).IsOf(description)) is { } begun)
        {
            return new FileTaking.Taken(begun.Id.Value, (await _blobs.ProgressAsync(actor.Organisation, begun.ContentId, cancellationToken)).Offset, IsWhole: false);
        }

        if (await _quotas.RoomAsync(actor.Organisation, found.Mailbox.Id, cancellationToken) < file.Length)
        {
            return new FileTaking.NoRoom();
        }

        var blob = _blobs.Begin(actor.Organisation, found.Mailbox.Id, key, file.Length);
        _quotas.Take(actor.Organisation, found.Mailbox.Id, file.Length);
        return await AddAsync(actor, id, blob.Id, file.Length, description, key, isWhole: false, db => db.Blobs.Add(blob), cancellationToken);
    }

    /// <returns>Null when there is no such file.</returns>
    public async Task<FileProgress?> ProgressAsync(Actor.Person actor, DraftId id, DraftAttachmentId attachment, CancellationToken cancellationToken)
    {
        if (await FindAsync(actor, id, cancellationToken) is not { } found || found.Attachments.Find(one => one.Id == attachment) is not { } row)
        {
            return null;
        }

        return new FileProgress(row.IsWhole ? row.Length : (await _blobs.ProgressAsync(actor.Organisation, row.ContentId, cancellationToken)).Offset, row.Length);
    }

    /// <param name="actor">Whose draft.</param>
    /// <param name="id">Which.</param>
    /// <param name="attachment">Begun before.</param>
    /// <param name="offset">Where the part goes on; when that is not where the file ends, nothing is taken of it.</param>
    /// <param name="part">To the file's end at most.</param>
    /// <param name="cancellationToken">Ends the work; what has come stays.</param>
    public async Task<FileTaking> ContinueAsync(
        Actor.Person actor, DraftId id, DraftAttachmentId attachment, long offset, Stream part, CancellationToken cancellationToken)
    {
        if (await FindAsync(actor, id, cancellationToken) is not { } found || found.Attachments.Find(one => one.Id == attachment) is not { } row)
        {
            return new FileTaking.NotFound();
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, found.Mailbox.Id, cancellationToken);
        if (row.IsWhole)
        {
            return new FileTaking.Taken(row.Id.Value, row.Length, IsWhole: true);
        }

        var description = row.Description(key);
        switch (await _intake.TakeAsync(actor.Organisation, row.ContentId, description.FileName, offset, part, cancellationToken))
        {
            case Intake.Partly partly:
                return new FileTaking.Taken(row.Id.Value, partly.Offset, IsWhole: false);
            case Intake.Whole whole:
                return await CompleteAsync(actor, row, DraftStore.Seal(key, row.Id, description with { Sha256 = whole.Sha256 }), cancellationToken)
                    ? new FileTaking.Taken(row.Id.Value, row.Length, IsWhole: true)
                    : new FileTaking.NotFound();
            case Intake.Malware malware:
                await DetachAsync(actor, id, attachment, cancellationToken);
                return new FileTaking.Malware(malware.Name);
            default:
                return new FileTaking.NotInspected();
        }
    }

    public async Task DetachAsync(Actor.Person actor, DraftId id, DraftAttachmentId attachment, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var draft = await db.DraftsOf(actor).SingleOrDefaultAsync(one => one.Id == id, cancellationToken);
        var row = draft is null or { SendAt: not null } ? null : (await db.AttachmentsOfAsync(draft, cancellationToken)).Find(one => one.Id == attachment);
        if (row is null)
        {
            return;
        }

        db.DraftAttachments.Remove(row);
        await db.CommitAsync(cancellationToken);
        await _blobs.DeleteAsync(actor.Organisation, row.ContentId, cancellationToken);
    }

    /// <summary>All of a file at once: what the portal has itself.</summary>
    internal async Task<FileTaking> AttachAsync(Actor.Person actor, DraftId id, string fileName, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        if (await FindAsync(actor, id, cancellationToken) is not { } found)
        {
            return new FileTaking.NotFound();
        }

        if (found.Draft.SendAt is not null)
        {
            return new FileTaking.Scheduled();
        }

        var limit = (await QuotaAsync(actor, cancellationToken)).FileBytes;
        var room = await _quotas.RoomAsync(actor.Organisation, found.Mailbox.Id, cancellationToken);
        StoredBlob stored;
        try
        {
            stored = await _blobs.WriteAsync(actor.Organisation, found.Mailbox.Id, content, Math.Min(limit, room), cancellationToken);
        }
        catch (BlobTooLongException)
        {
            return room < limit ? new FileTaking.NoRoom() : new FileTaking.TooLarge(limit);
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, found.Mailbox.Id, cancellationToken);
        var description = new FileDescription(SafeFileName.Of(fileName, found.Attachments.Count), mediaType, Mark: null, stored.Sha256);
        var attaching = await AddAsync(actor, id, stored.Id, stored.Length, description, key, isWhole: true, _ => { }, cancellationToken);
        if (attaching is FileTaking.NotFound)
        {
            await _blobs.DeleteAsync(actor.Organisation, stored.Id, cancellationToken);
        }

        return attaching;
    }

    private async Task<FileTaking> AddAsync(
        Actor.Person actor,
        DraftId draft,
        BlobId content,
        long length,
        FileDescription description,
        SealingKey key,
        bool isWhole,
        Action<PortalDbContext> addContent,
        CancellationToken cancellationToken)
    {
        var id = DraftAttachmentId.New();
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (!await db.DraftsOf(actor).AnyAsync(one => one.Id == draft && one.SendAt == null, cancellationToken))
        {
            return new FileTaking.NotFound();
        }

        addContent(db);
        var row = new DraftAttachment(id, actor.Organisation, draft, content, length, DraftStore.Seal(key, id, description), isWhole, _clock.GetUtcNow());
        db.DraftAttachments.Add(row);
        await db.CommitAsync(cancellationToken);
        return new FileTaking.Taken(id.Value, isWhole ? length : 0, isWhole);
    }

    private async Task<bool> CompleteAsync(Actor.Person actor, DraftAttachment attachment, byte[] sealedDescription, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var row = await db.DraftAttachments.AsTracking().SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == attachment.Id, cancellationToken);
        row?.Complete(sealedDescription);
        await db.CommitAsync(cancellationToken);
        return row is not null;
    }

    private async Task<StoredDraft?> FindAsync(Actor.Person actor, DraftId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.FindDraftAsync(actor, id, cancellationToken);
    }
}
