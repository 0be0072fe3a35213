using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;

namespace Portal.Application.Mailboxes;

/// <summary>Where every query on a person's mail starts.</summary>
internal static class OwnedMessages
{
    /// <summary>None, for whoever may not use mail (any more).</summary>
    public static IQueryable<Mailbox> OwnedBy(this IQueryable<Mailbox> mailboxes, Actor.Person actor)
    {
        var mayUseMail = actor.Roles.Allow(Permission.UseMail);
        return mailboxes.Where(one => one.OrganisationId == actor.Organisation && one.OwnerId == actor.Account && mayUseMail);
    }

    public static IQueryable<StoredMessage> MessagesOf(this PortalDbContext db, Actor.Person actor) =>
        from message in db.Messages
        join mailbox in db.Mailboxes.OwnedBy(actor) on message.MailboxId equals mailbox.Id
        where message.OrganisationId == actor.Organisation
        select message;

    /// <summary>With its raw bytes, in one question.</summary>
    /// <returns>Null when there is no such message, or it was not opened yet.</returns>
    public static async Task<(StoredMessage Message, FoundBlob Raw)?> FindOpenedAsync(
        this PortalDbContext db, Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        var found = await db.MessagesOf(actor)
            .Where(one => one.Id == id && one.State == MessageState.Opened)
            .Join(db.Blobs, one => one.RawId, blob => blob.Id, (message, blob) => new
            {
                Message = message,
                Blob = blob,
                First = db.BlobPieces
                    .Where(piece => piece.OrganisationId == actor.Organisation && piece.BlobId == blob.Id && piece.Index == 0)
                    .Select(piece => piece.Bytes)
                    .FirstOrDefault(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.Message, new FoundBlob(found.Blob, found.First));
    }

    public static IQueryable<Folder> FoldersOf(this PortalDbContext db, Actor.Person actor) =>
        from folder in db.Folders
        join mailbox in db.Mailboxes.OwnedBy(actor) on folder.MailboxId equals mailbox.Id
        where folder.OrganisationId == actor.Organisation
        select folder;
}
