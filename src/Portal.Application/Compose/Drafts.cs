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
    private readonly DraftFiles _files;
    private readonly Replying _replying;
    private readonly TimeProvider _clock;

    internal Drafts(PortalDatabase database, DataKeys keys, DraftFiles files, Replying replying, TimeProvider clock) =>
        (_database, _keys, _files, _replying, _clock) = (database, keys, files, replying, clock);

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
                await _files.AttachAsync(actor, draft, attachment.FileName, attachment.Part.ContentType.MimeType, bytes, cancellationToken);
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
            await db.DeleteDraftAsync(draft, [], cancellationToken);
            await db.CommitAsync(cancellationToken);
        }
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

    private async Task<Draft?> FindAsync(Actor.Person actor, DraftId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.DraftsOf(actor).SingleOrDefaultAsync(one => one.Id == id, cancellationToken);
    }

    private static DraftRow Row(Draft draft, DraftContent content) => new(draft.Id, draft.SavedAt, content.To, content.Subject, draft.SendAt);
}
