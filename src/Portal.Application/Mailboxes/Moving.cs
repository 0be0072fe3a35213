using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;

namespace Portal.Application.Mailboxes;

/// <summary>A message from one folder to another, on record, in the caller's transaction.</summary>
internal static class Moving
{
    /// <returns>Where it was.</returns>
    public static async Task<FolderKind> MoveAsync(this PortalDbContext db, Actor actor, StoredMessage message, FolderKind target, CancellationToken cancellationToken)
    {
        var folders = await db.Folders
            .Where(one => one.OrganisationId == actor.Organisation && one.MailboxId == message.MailboxId)
            .ToListAsync(cancellationToken);
        var before = folders.Single(one => one.Id == message.FolderId).Kind;
        message.Move(folders.Single(one => one.Kind == target).Id);
        db.Record(new AuditEvent(
            actor, AuditAction.MessageMoved, message.Id.Value, new Dictionary<string, string> { ["from"] = before.ToString(), ["to"] = target.ToString() }));
        db.Announce(message.MailboxId);
        return before;
    }
}
