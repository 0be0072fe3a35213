using System.Buffers.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;

namespace Portal.Application.LargeFiles;

/// <param name="Name">As the message's attachments name it (<c>AttachmentView.Beside</c>).</param>
/// <param name="Downloads">From its beginning.</param>
/// <param name="LastDownloadedAt">Null for never.</param>
/// <param name="ExpiresAt">Until when it can be fetched.</param>
/// <param name="RecalledAt">Null as long as it was not taken back.</param>
/// <param name="HasLinks">Its message rests for readers: with that it is prolonged and taken back.</param>
public sealed record SentFileView(string Name, int Downloads, DateTimeOffset? LastDownloadedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RecalledAt, bool HasLinks);

/// <summary>What a sender can still do about files that travel beside a message.</summary>
public sealed class LargeFileControl
{
    private readonly PortalDatabase _database;
    private readonly TimeProvider _clock;

    internal LargeFileControl(PortalDatabase database, TimeProvider clock) => (_database, _clock) = (database, clock);

    /// <returns>Of a message that is the actor's, in the order in which they were sent.</returns>
    public async Task<IReadOnlyList<SentFileView>> OfAsync(Actor.Person actor, StoredMessageId sentCopy, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var files = await OwnedBy(db, actor, sentCopy).OrderBy(one => one.Id).ToListAsync(cancellationToken);
        return files.ConvertAll(one => new SentFileView(
            Base64Url.EncodeToString(one.Token), one.Downloads, one.LastDownloadedAt, one.ExpiresAt, one.RecalledAt, one.SecureMessageId is not null));
    }

    /// <summary>Nobody fetches them any more; the sender keeps what is theirs until it is swept.</summary>
    /// <returns>False when there is nothing left to take back.</returns>
    public async Task<bool> RecallAsync(Actor.Person actor, StoredMessageId sentCopy, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await RecallAsync(OwnedBy(db, actor, sentCopy), _clock.GetUtcNow(), cancellationToken) == 0)
        {
            return false;
        }

        db.Record(new AuditEvent(actor, AuditAction.LargeFilesRecalled, sentCopy.Value));
        await db.CommitAsync(cancellationToken);
        return true;
    }

    internal static Task<int> RecallAsync(IQueryable<LargeFile> files, DateTimeOffset now, CancellationToken cancellationToken) => files
        .Where(one => one.RecalledAt == null)
        .ExecuteUpdateAsync(set => set.SetProperty(one => one.RecalledAt, now).SetProperty(one => one.SealedKey, (byte[]?)null), cancellationToken);

    private static IQueryable<LargeFile> OwnedBy(PortalDbContext db, Actor.Person actor, StoredMessageId sentCopy) => db.LargeFiles.Where(
        one => one.OrganisationId == actor.Organisation && one.SentCopyId == sentCopy && db.Mailboxes.OwnedBy(actor).Any(mailbox => mailbox.Id == one.MailboxId));
}
