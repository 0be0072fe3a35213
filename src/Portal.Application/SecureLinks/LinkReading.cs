using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>One message, for the reader whose link it is.</summary>
public sealed class LinkReading
{
    private readonly PortalDatabase _database;
    private readonly ReadersLinks _links;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly DataKeys _keys;
    private readonly TimeProvider _clock;

    internal LinkReading(PortalDatabase database, ReadersLinks links, KeyBroker.KeyBroker broker, DataKeys keys, TimeProvider clock) =>
        (_database, _links, _broker, _keys, _clock) = (database, links, broker, keys, clock);

    /// <summary>The deed of opening, on record for the sender; afterwards this session reads.</summary>
    /// <param name="reader">Whose link it is.</param>
    /// <param name="id">The link.</param>
    /// <param name="passPhrase">Which some messages ask for; each one counts before it is looked at.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<LinkAccess> OpenAsync(SignedInReader reader, SecureLinkId id, string? passPhrase, CancellationToken cancellationToken)
    {
        if (await _links.FindAsync(reader, id, cancellationToken) is not { } found)
        {
            return new LinkAccess.NotFound();
        }

        if (_links.Closed(found) is { } closed)
        {
            return closed;
        }

        if (found.Opening?.SealedKey is not null || found.Link.Link.IsGroup)
        {
            return await ReadAsync(reader, id, cancellationToken);
        }

        if (found.Link.Link.WrappedKey is not { } wrapped)
        {
            return found.Link.IsSpent ? new LinkAccess.Spent() : new LinkAccess.NotFound();
        }

        if (found.LacksProof)
        {
            return await ReadAsync(reader, id, cancellationToken);
        }

        if (found.Link.Message.PassPhraseHash is { } hash && !await KnowsAsync(found, hash, passPhrase, cancellationToken))
        {
            return await ReadAsync(reader, id, cancellationToken);
        }

        try
        {
            if (await _broker.GrantAsync(reader.Actor, found.Link.Reader.KeyId, KeyTask.OpenSecureLink, cancellationToken) is not KeyGrant.Granted granted)
            {
                return new LinkAccess.KeyUnavailable();
            }

            using var content = await LinkWrapping.UnwrapAsync(wrapped, granted.Key, id, cancellationToken);
            if (!await RecordAsync(reader, found, content, granted.Key.Outcomes, cancellationToken))
            {
                return new LinkAccess.Spent();
            }

            return new LinkAccess.Granted(View(reader, found, content));
        }
        catch (KeyStoreException)
        {
            return new LinkAccess.KeyUnavailable();
        }
    }

    /// <summary>Changes nothing.</summary>
    public async Task<LinkAccess> ReadAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await _links.FindAsync(reader, id, cancellationToken) is not { } found)
        {
            return new LinkAccess.NotFound();
        }

        if (_links.Closed(found) is { } closed)
        {
            return closed;
        }

        if (found.Key(reader) is { } content)
        {
            using (content)
            {
                return new LinkAccess.Granted(View(reader, found, content));
            }
        }

        if (found.Link.IsSpent)
        {
            return new LinkAccess.Spent();
        }

        try
        {
            using var organisation = await _keys.OfOrganisationAsync(reader.Actor.Organisation, cancellationToken);
            var sender = found.Link.Message.Sender(organisation).Name;
            return found.Link.Link.IsGroup ? new LinkAccess.NeedsPerson(sender, found.Link.Reader.Address(organisation))
                : found.LacksProof ? new LinkAccess.NeedsProof(sender)
                : new LinkAccess.NotOpened(
                    sender,
                    found.Link.Message.CreatedAt,
                    found.Link.Message.PassPhraseHash is null ? null : SecureLink.MostPhraseTries - found.Link.Link.PhraseTries,
                    found.Link.Message.OpensOnce);
        }
        catch (KeyStoreException)
        {
            return new LinkAccess.KeyUnavailable();
        }
    }

    /// <summary>For them to come once more, by another proof.</summary>
    /// <returns>Null for another's, or while the key store does not answer.</returns>
    public async Task<string?> TokenAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        try
        {
            using var organisation = await _keys.OfOrganisationAsync(reader.Actor.Organisation, cancellationToken);
            return await _links.FindAsync(reader, id, cancellationToken) is { Link.Link.TokenSha256: not null } ? LinkTokens.Of(id, organisation) : null;
        }
        catch (KeyStoreException)
        {
            return null;
        }
    }

    private async Task<bool> RecordAsync(SignedInReader reader, ReadersLink found, SealingKey content, IReadOnlyCollection<AuditEvent> keyUses, CancellationToken cancellationToken)
    {
        var (actor, now, once) = (reader.Actor, _clock.GetUtcNow(), found.Link.Message.OpensOnce);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);

        // What opens once has no key any more when it was opened: of several at once, one is first.
        var opened = await db.SecureLinks
            .Where(one => one.OrganisationId == actor.Organisation && one.Id == found.Link.Link.Id && one.WrappedKey != null)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(one => one.WrappedKey, one => once ? null : one.WrappedKey)
                    .SetProperty(one => one.PhraseTries, 0)
                    .SetProperty(one => one.FirstOpenedAt, one => one.FirstOpenedAt ?? now)
                    .SetProperty(one => one.LastOpenedAt, (DateTimeOffset?)now)
                    .SetProperty(one => one.Openings, one => one.Openings + 1),
                cancellationToken);
        if (opened == 0)
        {
            return false;
        }

        // The link's row is ours now: whoever opened it in this session at the same time is done.
        var before = await db.LinkOpenings.SingleOrDefaultAsync(
            one => one.OrganisationId == actor.Organisation && one.LinkId == found.Link.Link.Id && one.SessionId == actor.Session, cancellationToken);
        if (before is null)
        {
            db.LinkOpenings.Add(ReadersLink.Open(reader, found.Link.Link, content, now));
        }
        else
        {
            ReadersLink.Hold(reader, before, content);
        }

        if (found.Link.Link.GroupId is { } group)
        {
            await db.SecureLinks
                .Where(one => one.OrganisationId == actor.Organisation && one.Id == group)
                .ExecuteUpdateAsync(
                    set => set
                        .SetProperty(one => one.FirstOpenedAt, one => one.FirstOpenedAt ?? now)
                        .SetProperty(one => one.LastOpenedAt, (DateTimeOffset?)now)
                        .SetProperty(one => one.Openings, one => one.Openings + 1),
                    cancellationToken);
        }

        db.Record(keyUses);
        db.Record(new AuditEvent(actor, AuditAction.LinkOpened, found.Link.Link.Id.Value, new Dictionary<string, string> { ["proof"] = reader.Proof.ToString() }));
        db.Announce(found.Link.Message.MailboxId);
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Counted before it is looked at; and looked at outside any transaction, because that takes a while.</summary>
    private async Task<bool> KnowsAsync(ReadersLink found, byte[] hash, string? passPhrase, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(passPhrase) || !await CountAsync(found, cancellationToken))
        {
            return false;
        }

        if (PassPhrases.Is(hash, passPhrase))
        {
            return true;
        }

        await using var db = await _database.WriteAsync(found.Link.Link.OrganisationId, cancellationToken);
        db.Record(new AuditEvent(new Actor.Portal(found.Link.Link.OrganisationId, "secure-links"), AuditAction.PassPhraseRefused, found.Link.Link.Id.Value));
        db.Announce(found.Link.Message.MailboxId);
        await db.CommitAsync(cancellationToken);
        return false;
    }

    private async Task<bool> CountAsync(ReadersLink found, CancellationToken cancellationToken)
    {
        var (organisation, id) = (found.Link.Link.OrganisationId, found.Link.Link.Id);
        await using var db = await _database.WriteAsync(organisation, cancellationToken);
        var counted = await db.SecureLinks
            .Where(one => one.OrganisationId == organisation && one.Id == id && one.PhraseTries < SecureLink.MostPhraseTries)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.PhraseTries, one => one.PhraseTries + 1), cancellationToken);
        await db.CommitAsync(cancellationToken);
        return counted == 1;
    }

    private static LinkedMessageView View(SignedInReader reader, ReadersLink found, SealingKey content)
    {
        var (link, message, _) = found.Link;
        var report = message.Report(content);
        return new LinkedMessageView(
            link.Id,
            report.Subject,
            report.From,
            report.To,
            report.Cc,
            report.Date,
            message.ExpiresAt,
            report.Verdict,
            report.HasBody,
            report.Lines,
            report.Attachments,
            reader.Proof,
            found.GivesOriginal && !message.ForbidsDownloads,
            !message.ForbidsDownloads,
            message.OpensOnce);
    }
}
