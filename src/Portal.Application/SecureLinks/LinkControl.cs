using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

public enum LinkChange
{
    Done,

    /// <summary>There is no such message of theirs, or it went to nobody by a link.</summary>
    NotFound,

    /// <summary>It was taken back; that stays so.</summary>
    Recalled,

    /// <summary>A time that is past, or farther than <see cref="ReaderPolicy.LongestLink"/> days.</summary>
    NoSuchTime,

    /// <summary>It cannot be read any more.</summary>
    Expired,

    /// <summary>They were told a short while ago, or have opened it.</summary>
    NotYet,

    KeyUnavailable,
}

/// <summary>What a sender can still do about a message that rests here.</summary>
public sealed class LinkControl
{
    /// <summary>Between one notice of the same message and the next.</summary>
    public static readonly TimeSpan ReminderGap = TimeSpan.FromHours(12);

    private readonly PortalDatabase _database;
    private readonly Reminding _reminding;
    private readonly TimeProvider _clock;

    internal LinkControl(PortalDatabase database, Reminding reminding, TimeProvider clock) => (_database, _reminding, _clock) = (database, reminding, clock);

    /// <summary>No reader opens it any more, also not those who have it open: what their keys opened is gone.</summary>
    /// <param name="actor">Its sender.</param>
    /// <param name="sentCopy">Which.</param>
    /// <param name="wholeConversation">And everything that answers it or that it answers, whoever wrote it: answers quote.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<LinkChange> RecallAsync(Actor.Person actor, StoredMessageId sentCopy, bool wholeConversation, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await FindAsync(db, actor, sentCopy, cancellationToken) is not { } message)
        {
            return LinkChange.NotFound;
        }

        var all = await db.SecureMessages
            .AsTracking()
            .Where(one => one.OrganisationId == actor.Organisation && one.RecalledAt == null
                && (one.Id == message.Id || (wholeConversation && one.ConversationId == message.ConversationId)))
            .ToListAsync(cancellationToken);
        if (all.Count == 0)
        {
            return LinkChange.Recalled;
        }

        var ids = all.ConvertAll(one => one.Id);
        await WithdrawnLinks.WipeAsync(db, actor.Organisation, db.SecureLinks.Where(one => ids.Contains(one.MessageId)), cancellationToken);
        var now = _clock.GetUtcNow();
        await LargeFileControl.RecallAsync(FilesOf(db, actor.Organisation, ids), now, cancellationToken);
        foreach (var one in all)
        {
            one.Recall(now);
            db.Record(new AuditEvent(actor, AuditAction.LinksRecalled, one.Id.Value));
            db.Announce(one.MailboxId);
        }

        await db.CommitAsync(cancellationToken);
        return LinkChange.Done;
    }

    public async Task<LinkChange> ExpireAtAsync(Actor.Person actor, StoredMessageId sentCopy, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (until <= now || until > now.AddDays(ReaderPolicy.LongestLink))
        {
            return LinkChange.NoSuchTime;
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await FindAsync(db, actor, sentCopy, cancellationToken) is not { } message)
        {
            return LinkChange.NotFound;
        }

        if (message.RecalledAt is not null)
        {
            return LinkChange.Recalled;
        }

        // Swept: there is nothing any more that could be read.
        if (message.ContentId is null)
        {
            return LinkChange.Expired;
        }

        message.ExpireAt(until);
        await FilesOf(db, actor.Organisation, [message.Id]).ExecuteUpdateAsync(set => set.SetProperty(one => one.ExpiresAt, until), cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.LinkExpiryChanged, message.Id.Value, new Dictionary<string, string> { ["until"] = until.UtcDateTime.ToString("O") }));
        db.Announce(message.MailboxId);
        await db.CommitAsync(cancellationToken);
        return LinkChange.Done;
    }

    /// <summary>After too many wrong phrases.</summary>
    public async Task<LinkChange> LetTryAgainAsync(Actor.Person actor, SecureLinkId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await FindAsync(db, actor, id, cancellationToken) is not var (link, mailbox))
        {
            return LinkChange.NotFound;
        }

        link.LetTryAgain();
        db.Record(new AuditEvent(actor, AuditAction.PassPhraseTriesRenewed, id.Value));
        db.Announce(mailbox);
        await db.CommitAsync(cancellationToken);
        return LinkChange.Done;
    }

    /// <summary>A reader has lost their passkey or app: until they set one up anew, a code opens what is sent to them.</summary>
    public async Task<LinkChange> ForgetOwnProofsAsync(Actor.Person actor, SecureLinkId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await FindAsync(db, actor, id, cancellationToken) is not ({ ReaderId: { } reader }, var mailbox))
        {
            return LinkChange.NotFound;
        }

        (await db.Readers.AsTracking().SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == reader, cancellationToken)).RemoveApp();
        await ReaderPasskeys.ForgetAsync(db, actor.Organisation, reader, cancellationToken);
        await ReaderDevices.ForgetAsync(db, actor.Organisation, reader, cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.ReaderProofsForgotten, reader.Value));
        db.Announce(mailbox);
        await db.CommitAsync(cancellationToken);
        return LinkChange.Done;
    }

    /// <summary>Tells a reader once more who has not opened it.</summary>
    public async Task<LinkChange> RemindAsync(Actor.Person actor, SecureLinkId link, CancellationToken cancellationToken)
    {
        try
        {
            return await _reminding.RemindAsync(actor, link, cancellationToken);
        }
        catch (KeyStoreException)
        {
            return LinkChange.KeyUnavailable;
        }
    }

    /// <returns>Null for a link of another's message.</returns>
    private static async Task<(SecureLink Link, MailboxId Mailbox)?> FindAsync(PortalDbContext db, Actor.Person actor, SecureLinkId id, CancellationToken cancellationToken)
    {
        var found = await db.SecureLinks
            .AsTracking()
            .Where(one => one.OrganisationId == actor.Organisation && one.Id == id)
            .Join(db.SecureMessages, one => one.MessageId, message => message.Id, (link, message) => new { link, message.MailboxId })
            .Where(one => db.Mailboxes.OwnedBy(actor).Any(mailbox => mailbox.Id == one.MailboxId))
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.link, found.MailboxId);
    }

    // They travel beside what rests, and stay no longer than it.
    private static IQueryable<LargeFile> FilesOf(PortalDbContext db, OrganisationId organisation, List<SecureMessageId> messages) =>
        db.LargeFiles.Where(one => one.OrganisationId == organisation && messages.Any(message => message == one.SecureMessageId));

    private static Task<SecureMessage?> FindAsync(PortalDbContext db, Actor.Person actor, StoredMessageId sentCopy, CancellationToken cancellationToken) =>
        db.SecureMessages.AsTracking().SingleOrDefaultAsync(
            one => one.OrganisationId == actor.Organisation && one.SentCopyId == sentCopy && db.Mailboxes.OwnedBy(actor).Any(mailbox => mailbox.Id == one.MailboxId), cancellationToken);
}
