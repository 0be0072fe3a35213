using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Smime.Keys;

namespace Portal.Application.Mailboxes;

/// <summary>Folders and the messages in them, for the person who owns the mailbox.</summary>
public sealed class MailboxReading
{
    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;

    internal MailboxReading(PortalDatabase database, DataKeys keys)
    {
        _database = database;
        _keys = keys;
    }

    public async Task<IReadOnlyList<MailboxView>> ListAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var mailboxes = await db.Mailboxes.OwnedBy(actor).OrderBy(one => one.NormalisedAddress).ToListAsync(cancellationToken);
        var folders = await db.FoldersOf(actor)
            .Select(folder => new
            {
                folder.MailboxId,
                folder.Id,
                folder.Kind,

                // In the order of an index: counting an empty folder must not look through a full one.
                Total = db.Messages
                    .Where(message => message.FolderId == folder.Id)
                    .OrderByDescending(message => message.At).ThenByDescending(message => message.Id)
                    .Take(FolderView.MostCounted)
                    .Count(),
                Unread = db.Messages
                    .Where(message => message.FolderId == folder.Id && !message.IsRead)
                    .OrderByDescending(message => message.At).ThenByDescending(message => message.Id)
                    .Take(FolderView.MostCounted)
                    .Count(),
            })
            .ToListAsync(cancellationToken);
        return mailboxes.ConvertAll(mailbox => new MailboxView(
            mailbox.Id,
            mailbox.Address,
            mailbox.DisplayName,
            folders
                .Where(folder => folder.MailboxId == mailbox.Id)
                .OrderBy(folder => folder.Kind)
                .Select(folder => new FolderView(folder.Id, folder.Kind, folder.Total, folder.Unread))
                .ToList()));
    }

    /// <exception cref="MailboxClosedException">The organisation's key could not be unwrapped.</exception>
    public async Task<MessageWindow> WindowAsync(Actor.Person actor, FolderId folder, WindowStart start, CancellationToken cancellationToken)
    {
        List<ListedMessage> messages;
        bool hasOlder, hasNewer;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            var all = db.MessagesOf(actor).Where(message => message.FolderId == folder);
            (messages, hasOlder, hasNewer) = await MessageWindows.FindAsync(all, start, cancellationToken);
        }

        return new MessageWindow(await OpenAsync(actor, messages, cancellationToken), hasOlder, hasNewer);
    }

    /// <returns>False when there is no such message, or it is somebody else's.</returns>
    public async Task<bool> HasAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.MessagesOf(actor).AnyAsync(message => message.Id == id, cancellationToken);
    }

    public async Task MarkAsync(Actor.Person actor, IReadOnlyList<StoredMessageId> ids, bool read, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        foreach (var message in await db.MessagesOf(actor).Where(one => ids.Contains(one.Id)).ToListAsync(cancellationToken))
        {
            message.Mark(read);
            db.Announce(message.MailboxId);
        }

        await db.CommitAsync(cancellationToken);
    }

    /// <returns>Where it was, so that it can be undone; null when there is no such message.</returns>
    public async Task<FolderKind?> MoveAsync(Actor.Person actor, StoredMessageId id, FolderKind target, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var message = await db.MessagesOf(actor).SingleOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (message is null)
        {
            return null;
        }

        var before = await db.MoveAsync(actor, message, target, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return before;
    }

    private async Task<IReadOnlyList<MessageRow>> OpenAsync(Actor.Person actor, List<ListedMessage> messages, CancellationToken cancellationToken)
    {
        var rows = new List<MessageRow>(messages.Count);
        foreach (var ofMailbox in messages.GroupBy(message => message.MailboxId))
        {
            using var key = await KeyAsync(actor.Organisation, ofMailbox.Key, cancellationToken);
            rows.AddRange(ofMailbox.Select(message => Row(message, MessageListing.Open(key, message.Id, message.SealedListing))));
        }

        return rows;
    }

    private async Task<SealingKey> KeyAsync(OrganisationId organisation, MailboxId mailbox, CancellationToken cancellationToken)
    {
        try
        {
            return await _keys.OfMailboxAsync(organisation, mailbox, cancellationToken);
        }
        catch (KeyStoreException exception)
        {
            throw new MailboxClosedException(exception);
        }
    }

    private static MessageRow Row(ListedMessage message, MessageListing listing) => new(
        message.Id,
        message.At,
        listing.Correspondent,
        listing.Address,
        listing.Subject,
        listing.Preview,
        message.IsRead,
        message.HasAttachments,
        message.Verdict,
        message.Encrypted,
        message.State,
        message.IsHeldUp);
}
