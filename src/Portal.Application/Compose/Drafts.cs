using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;

namespace Portal.Application.Compose;

/// <summary>Messages being written, for the person whose mailbox they leave from.</summary>
public sealed class Drafts
{
    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly SealedBlobs _blobs;
    private readonly Quotas.Quotas _quotas;
    private readonly Replying _replying;
    private readonly TimeProvider _clock;

    internal Drafts(PortalDatabase database, DataKeys keys, SealedBlobs blobs, Quotas.Quotas quotas, Replying replying, TimeProvider clock) =>
        (_database, _keys, _blobs, _quotas, _replying, _clock) = (database, keys, blobs, quotas, replying, clock);

    /// <summary>A new message, of which nothing is kept until it is created.</summary>
    /// <returns>Null for whoever has no mailbox to send from.</returns>
    public async Task<DraftView?> BeginAsync(Actor.Person actor, DraftContent content, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.Mailboxes.OwnedBy(actor).OrderBy(one => one.NormalisedAddress).FirstOrDefaultAsync(cancellationToken) is { } mailbox
            ? new DraftView(DraftId.New(), mailbox.Id, mailbox.Address, content, [], _clock.GetUtcNow(), Version: 0, SendAt: null)
            : null;
    }

    /// <exception cref="InvalidOperationException">The mailbox is not the actor's.</exception>
    public async Task<DraftId> CreateAsync(Actor.Person actor, MailboxId mailbox, DraftContent content, CancellationToken cancellationToken)
    {
        var id = DraftId.New();
        await CreateAsync(actor, id, mailbox, content, cancellationToken);
        return id;
    }

    /// <exception cref="InvalidOperationException">The mailbox is not the actor's.</exception>
    public Task<DraftSaving.Saved> CreateAsync(Actor.Person actor, DraftId id, MailboxId mailbox, DraftContent content, CancellationToken cancellationToken) =>
        AddAsync(actor, id, mailbox, content, answers: null, cancellationToken);

    /// <returns>Null when there is no such message, or it cannot be opened.</returns>
    public async Task<DraftId?> ReplyAsync(Actor.Person actor, StoredMessageId message, ReplyKind kind, CancellationToken cancellationToken)
    {
        if (await _replying.PrepareAsync(actor, message, kind, cancellationToken) is not { } reply)
        {
            return null;
        }

        await using (reply)
        {
            var draft = DraftId.New();
            await AddAsync(actor, draft, reply.Mailbox, reply.Content, message, cancellationToken);
            foreach (var attachment in reply.Attachments)
            {
                await using var bytes = await PartReading.DecodedAsync(attachment.Part, cancellationToken);
                await AttachAsync(actor, draft, attachment.FileName, attachment.Part.ContentType.MimeType, bytes, cancellationToken);
            }

            return draft;
        }
    }

    /// <param name="actor">Whose draft.</param>
    /// <param name="id">Which.</param>
    /// <param name="content">What is written now.</param>
    /// <param name="version">As it was when the writer saw it; null writes over whatever is there.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<DraftSaving> SaveAsync(Actor.Person actor, DraftId id, DraftContent content, long? version, CancellationToken cancellationToken)
    {
        if (await FindAsync(actor, id, cancellationToken) is not { } found)
        {
            return new DraftSaving.Gone();
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, found.MailboxId, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var draft = await db.DraftsOf(actor).SingleOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (draft is null)
        {
            return new DraftSaving.Gone();
        }

        if (draft.SendAt is not null)
        {
            return new DraftSaving.Scheduled();
        }

        if (version is not null && version != draft.Version)
        {
            return new DraftSaving.ChangedElsewhere();
        }

        try
        {
            draft.Save(DraftStore.Seal(key, id, content), _clock.GetUtcNow());
            await db.CommitAsync(cancellationToken);
            return new DraftSaving.Saved(draft.Version);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new DraftSaving.ChangedElsewhere();
        }
    }

    public async Task<DraftView?> OpenAsync(Actor.Person actor, DraftId id, CancellationToken cancellationToken)
    {
        StoredDraft? found;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            found = await db.FindDraftAsync(actor, id, cancellationToken);
        }

        if (found is null)
        {
            return null;
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, found.Mailbox.Id, cancellationToken);
        return found.View(key);
    }

    /// <returns>False when there is no such draft, or it is somebody else's.</returns>
    public async Task<bool> HasAsync(Actor.Person actor, DraftId id, CancellationToken cancellationToken) =>
        await FindAsync(actor, id, cancellationToken) is not null;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<DraftRow>> ListAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        List<Draft> drafts;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            drafts = await db.DraftsOf(actor).OrderByDescending(one => one.SavedAt).Take(200).ToListAsync(cancellationToken);
        }

        var rows = new List<DraftRow>();
        foreach (var ofMailbox in drafts.GroupBy(draft => draft.MailboxId))
        {
            using var key = await _keys.OfMailboxAsync(actor.Organisation, ofMailbox.Key, cancellationToken);
            rows.AddRange(ofMailbox.Select(draft => Row(draft, draft.Content(key))));
        }

        return rows.OrderByDescending(row => row.SavedAt).ToList();
    }

    /// <param name="actor">Whose draft.</param>
    /// <param name="id">Which.</param>
    /// <param name="version">Only if it is still this one; null discards whatever is there.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task DiscardAsync(Actor.Person actor, DraftId id, long? version, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await db.DraftsOf(actor).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is { } draft
            && (version ?? draft.Version) == draft.Version)
        {
            await db.DeleteDraftAsync(draft, cancellationToken);
            await db.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Bytes of all attachments of one message.</summary>
    public async Task<long> AttachmentLimitAsync(Actor actor, CancellationToken cancellationToken) =>
        (await _quotas.OfAsync(actor.Organisation, cancellationToken)).MessageBytes;

    public async Task<Attaching> AttachAsync(
        Actor.Person actor, DraftId id, string fileName, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        if (await OpenAsync(actor, id, cancellationToken) is not { } draft)
        {
            return new Attaching.NotFound();
        }

        if (draft.SendAt is not null)
        {
            return new Attaching.Scheduled();
        }

        var limit = await AttachmentLimitAsync(actor, cancellationToken);
        var left = Math.Max(0, limit - draft.Attachments.Sum(one => one.Length));
        var room = await _quotas.RoomAsync(actor.Organisation, draft.Mailbox, cancellationToken);
        StoredBlob stored;
        try
        {
            stored = await _blobs.WriteAsync(actor.Organisation, draft.Mailbox, content, Math.Min(left, room), cancellationToken);
        }
        catch (BlobTooLongException)
        {
            return room < left ? new Attaching.MailboxFull() : new Attaching.TooLarge(limit);
        }

        if (await AddAsync(actor, draft, stored, new DraftAttachmentDescription(SafeFileName.Of(fileName, draft.Attachments.Count), mediaType), cancellationToken) is { } added)
        {
            return new Attaching.Attached(added);
        }

        await _blobs.DeleteAsync(actor.Organisation, stored.Id, cancellationToken);
        return new Attaching.NotFound();
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

    private async Task<DraftSaving.Saved> AddAsync(
        Actor.Person actor, DraftId id, MailboxId mailbox, DraftContent content, StoredMessageId? answers, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfMailboxAsync(actor.Organisation, mailbox, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (!await db.Mailboxes.OwnedBy(actor).AnyAsync(one => one.Id == mailbox, cancellationToken))
        {
            throw new InvalidOperationException("The mailbox is not the actor's.");
        }

        var draft = new Draft(id, actor.Organisation, mailbox, DraftStore.Seal(key, id, content), answers, _clock.GetUtcNow());
        db.Drafts.Add(draft);
        await db.CommitAsync(cancellationToken);
        return new DraftSaving.Saved(draft.Version);
    }

    private async Task<DraftAttachmentView?> AddAsync(
        Actor.Person actor, DraftView draft, StoredBlob stored, DraftAttachmentDescription description, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfMailboxAsync(actor.Organisation, draft.Mailbox, cancellationToken);
        var id = DraftAttachmentId.New();
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (!await db.DraftsOf(actor).AnyAsync(one => one.Id == draft.Id && one.SendAt == null, cancellationToken))
        {
            return null;
        }

        var row = new DraftAttachment(
            id, actor.Organisation, draft.Id, stored.Id, stored.Length, DraftStore.Seal(key, id, description), _clock.GetUtcNow());
        db.DraftAttachments.Add(row);
        await db.CommitAsync(cancellationToken);
        return row.View(key);
    }

    private async Task<Draft?> FindAsync(Actor.Person actor, DraftId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.DraftsOf(actor).SingleOrDefaultAsync(one => one.Id == id, cancellationToken);
    }

    private static DraftRow Row(Draft draft, DraftContent content) => new(draft.Id, draft.SavedAt, content.To, content.Subject, draft.SendAt);
}
