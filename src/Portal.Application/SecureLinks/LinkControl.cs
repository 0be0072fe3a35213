using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Outbox;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

public enum LinkChange
{
    Done,

    /// <summary>There is no such message of theirs, or it went to nobody by a link.</summary>
    NotFound,

    /// <summary>It was taken back; that stays so.</summary>
    Recalled,

    /// <summary>A time that is past, or farther than <see cref="OrganisationPolicy.LongestLink"/> days.</summary>
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
    private readonly DataKeys _keys;
    private readonly Notices _notices;
    private readonly LinkNotices _words;
    private readonly TimeProvider _clock;

    internal LinkControl(PortalDatabase database, DataKeys keys, Notices notices, LinkNotices words, TimeProvider clock) =>
        (_database, _keys, _notices, _words, _clock) = (database, keys, notices, words, clock);

    /// <summary>No reader opens it any more, also not those who have it open: what their keys opened is gone.</summary>
    public async Task<LinkChange> RecallAsync(Actor.Person actor, StoredMessageId sentCopy, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await FindAsync(db, actor, sentCopy, cancellationToken) is not { } message)
        {
            return LinkChange.NotFound;
        }

        if (message.RecalledAt is not null)
        {
            return LinkChange.Recalled;
        }

        message.Recall(_clock.GetUtcNow());
        await WithdrawnLinks.WipeAsync(db, actor.Organisation, db.SecureLinks.Where(one => one.MessageId == message.Id), cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.LinksRecalled, message.Id.Value));
        db.Announce(message.MailboxId);
        await db.CommitAsync(cancellationToken);
        return LinkChange.Done;
    }

    public async Task<LinkChange> ExpireAtAsync(Actor.Person actor, StoredMessageId sentCopy, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (until <= now || until > now.AddDays(OrganisationPolicy.LongestLink))
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

        message.ExpireAt(until);
        db.Record(new AuditEvent(actor, AuditAction.LinkExpiryChanged, message.Id.Value, new Dictionary<string, string> { ["until"] = until.UtcDateTime.ToString("O") }));
        db.Announce(message.MailboxId);
        await db.CommitAsync(cancellationToken);
        return LinkChange.Done;
    }

    /// <summary>Tells a reader once more who has not opened it.</summary>
    public async Task<LinkChange> RemindAsync(Actor.Person actor, SecureLinkId link, CancellationToken cancellationToken)
    {
        try
        {
            return await TryRemindAsync(actor, link, cancellationToken);
        }
        catch (KeyStoreException)
        {
            return LinkChange.KeyUnavailable;
        }
    }

    private async Task<LinkChange> TryRemindAsync(Actor.Person actor, SecureLinkId id, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        FoundLink? found;
        Mailbox? mailbox;
        await using (var read = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            found = await FoundLink.FindAsync(read, actor.Organisation, id, cancellationToken);
            mailbox = found is null ? null : await read.Mailboxes.OwnedBy(actor).SingleOrDefaultAsync(one => one.Id == found.Message.MailboxId, cancellationToken);
        }

        if (found is null || mailbox is null)
        {
            return LinkChange.NotFound;
        }

        if (!found.IsOpen(now))
        {
            return found.Message.RecalledAt is null ? LinkChange.Expired : LinkChange.Recalled;
        }

        if (!found.Link.MayBeReminded(now))
        {
            return LinkChange.NotYet;
        }

        var brand = await _words.BrandOfAsync(actor.Organisation, cancellationToken);
        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        var notice = await _words.OfMessageAsync(mailbox, brand, found.Message, found.Reader, id, key, reminds: true, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var link = await db.SecureLinks.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken);
        if (!link.MayBeReminded(now))
        {
            return LinkChange.NotYet;
        }

        link.Remind(await _notices.EnqueueAsync(db, notice, cancellationToken), now);
        db.Record(new AuditEvent(actor, AuditAction.LinkReminded, id.Value));
        db.Announce(mailbox.Id);
        await db.CommitAsync(cancellationToken);
        return LinkChange.Done;
    }

    private static Task<SecureMessage?> FindAsync(PortalDbContext db, Actor.Person actor, StoredMessageId sentCopy, CancellationToken cancellationToken) =>
        db.SecureMessages.AsTracking().SingleOrDefaultAsync(
            one => one.OrganisationId == actor.Organisation && one.SentCopyId == sentCopy && db.Mailboxes.OwnedBy(actor).Any(mailbox => mailbox.Id == one.MailboxId), cancellationToken);
}
