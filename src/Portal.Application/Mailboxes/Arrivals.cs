using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Work;

namespace Portal.Application.Mailboxes;

/// <summary>Where arrived mail enters, wherever it came from: stored as it is, and on the list of work to be opened.</summary>
internal static class Arrivals
{
    /// <summary>Adds the message to <paramref name="db"/>; it counts when that is committed.</summary>
    public static async Task<StoredMessage> EnterAsync(
        PortalDbContext db, OrganisationId organisation, MailboxId mailbox, StoredBlob raw, byte[] contentToken, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var inbox = await db.Folders
            .Where(one => one.OrganisationId == organisation && one.MailboxId == mailbox && one.Kind == FolderKind.Inbox)
            .Select(one => one.Id)
            .SingleAsync(cancellationToken);
        var message = new StoredMessage(organisation, mailbox, inbox, raw.Id, raw.Length, at);
        message.Recognise(contentToken);
        db.Messages.Add(message);
        WorkQueue.Enqueue(db, organisation, WorkKind.OpenArrival, message.Id.Value, await db.NowAsync(cancellationToken));
        db.Announce(mailbox);
        return message;
    }
}
