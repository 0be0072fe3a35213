using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>Makes a message's links, some at a time: whoever is new gets a key, and everybody a notice.</summary>
internal sealed class SharingWork(
    PortalDatabase database, DataKeys keys, SealedBlobs blobs, Readers readers, Notices notices, LinkNotices words, IOptions<WorkOptions> options, TimeProvider clock) : IWorkHandler
{
    private const int LinksAtOnce = 50;

    /// <summary>Each asks the database a few times, one after the other.</summary>
    private const int NoticesAtOnce = 8;

    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    public WorkKind Kind => WorkKind.ShareMessage;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var isAway = false;
        try
        {
            // Not one after the other with the notices that each part brings: whoever is last would wait for all of them.
            while (!await GoOnAsync(work, cancellationToken))
            {
            }
        }
        catch (KeyStoreException)
        {
            isAway = true;
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await (isAway ? WorkQueue.RescheduleAsync(db, work, Retry, endedWell: false, cancellationToken) : WorkQueue.CompleteAsync(db, work, cancellationToken));
        await db.CommitAsync(cancellationToken);
    }

    /// <returns>Whether nobody waits any more.</returns>
    /// <exception cref="KeyStoreException">A key store does not answer.</exception>
    private async Task<bool> GoOnAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        if (await FindAsync(work, cancellationToken) is not { Links.Count: > 0, Message: { RecalledAt: null, ContentId: { } contentId } } found)
        {
            return true;
        }

        using var mailbox = await keys.OfMailboxAsync(work.Organisation, found.Mailbox.Id, cancellationToken);
        using var organisation = await keys.OfOrganisationAsync(work.Organisation, cancellationToken);
        using var content = await blobs.KeyOfAsync(work.Organisation, contentId, cancellationToken);
        var actor = new Actor.Portal(work.Organisation, "secure-links");
        var known = await readers.FindOrMakeAsync(actor, found.Links.ConvertAll(one => one.Address(mailbox)), found.Language, organisation, cancellationToken);
        var groups = await GroupsAsync(work.Organisation, found.Message, known, cancellationToken);
        var brand = await words.BrandOfAsync(work.Organisation, cancellationToken);
        var prepared = new PreparedNotice[found.Links.Count];
        await Parallel.ForAsync(0, prepared.Length, new ParallelOptions { MaxDegreeOfParallelism = NoticesAtOnce, CancellationToken = cancellationToken }, async (index, cancelled) =>
            prepared[index] = await words.OfMessageAsync(found.Mailbox, brand, found.Message, known[index].Reader, found.Links[index].Id, organisation, reminds: false, cancelled));

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.RenewAsync(db, work, options.Value.Lease, cancellationToken);
        var now = clock.GetUtcNow();
        foreach (var ((link, reader), notice) in found.Links.Zip(known).Zip(prepared))
        {
            if (reader.IsNew)
            {
                Readers.Add(db, actor, reader);
            }
            else if (reader.Reader.ClosedAt is not null)
            {
                db.Readers.Update(reader.Reader);
                reader.Reader.Reopen();
            }

            db.SecureLinks.Update(link);
            if (groups.Contains(reader.Reader.Id))
            {
                link.BeGroup();
            }

            link.Share(
                reader.Reader,
                LinkTokens.Sha256(LinkTokens.Of(link.Id, organisation))!,
                LinkWrapping.Wrap(content, reader.Key, link.Id),
                await notices.EnqueueAsync(db, notice, cancellationToken),
                now);
            db.Record(new AuditEvent(actor, AuditAction.LinkShared, link.Id.Value));
        }

        db.Announce(found.Mailbox.Id);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException) when (known.Any(one => one.IsNew))
        {
            // Somebody is new to two messages at once, and the other one was faster: they are known now.
            if (!await readers.IsAnyKnownAsync(work.Organisation, known.Where(one => one.IsNew), cancellationToken))
            {
                throw;
            }

            return false;
        }

        return found.Links.Count < LinksAtOnce;
    }

    /// <returns>Of whom it is known in this conversation that several people read their mail.</returns>
    private async Task<HashSet<ReaderId>> GroupsAsync(OrganisationId organisation, SecureMessage message, IReadOnlyList<KnownReader> readers, CancellationToken cancellationToken)
    {
        var ids = readers.Where(one => !one.IsNew).Select(one => (ReaderId?)one.Reader.Id).ToList();
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        var groups = await db.SecureLinks
            .Where(one => one.OrganisationId == organisation && one.IsGroup && ids.Contains(one.ReaderId))
            .Where(one => db.SecureMessages.Any(other => other.Id == one.MessageId && other.ConversationId == message.ConversationId))
            .Select(one => one.ReaderId!.Value)
            .ToListAsync(cancellationToken);
        return [.. groups];
    }

    private async Task<Found?> FindAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(work.Organisation, cancellationToken);
        var found = await db.SecureMessages
            .Where(one => one.OrganisationId == work.Organisation && one.Id == new SecureMessageId(work.Subject))
            .Join(db.Mailboxes, one => one.MailboxId, mailbox => mailbox.Id, (message, mailbox) => new { Message = message, Mailbox = mailbox })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return null;
        }

        var links = await db.SecureLinks
            .Where(one => one.OrganisationId == work.Organisation && one.MessageId == found.Message.Id && one.ReadyAt == null)
            .OrderBy(one => one.Id)
            .Take(LinksAtOnce)
            .ToListAsync(cancellationToken);
        var language = await OwnersLanguage.FindAsync(db, work.Organisation, found.Mailbox.Id, cancellationToken);
        return new Found(found.Message, found.Mailbox, links, language.Name);
    }

    /// <param name="Message">What is shared.</param>
    /// <param name="Mailbox">The sender's.</param>
    /// <param name="Links">That are not ready.</param>
    /// <param name="Language">The sender's.</param>
    private sealed record Found(SecureMessage Message, Mailbox Mailbox, List<SecureLink> Links, string Language);
}
