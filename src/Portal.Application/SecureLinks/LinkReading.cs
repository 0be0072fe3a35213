using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Inbox;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <param name="Link">The reader's own.</param>
/// <param name="Report">What they are shown of it.</param>
internal sealed record OpenedLink(FoundLink Link, MessageReport Report);

/// <summary>One message, for the reader whose link it is.</summary>
public sealed class LinkReading
{
    private const string KeyColumn = "link_openings.sealed_key";

    private readonly PortalDatabase _database;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly DataKeys _keys;
    private readonly SealedBlobs _blobs;
    private readonly TimeProvider _clock;

    internal LinkReading(PortalDatabase database, KeyBroker.KeyBroker broker, DataKeys keys, SealedBlobs blobs, TimeProvider clock) =>
        (_database, _broker, _keys, _blobs, _clock) = (database, broker, keys, blobs, clock);

    /// <summary>The deed of opening, on record for the sender; afterwards this session reads.</summary>
    /// <param name="reader">Whose link it is.</param>
    /// <param name="id">The link.</param>
    /// <param name="passPhrase">Which some messages ask for; each one counts before it is looked at.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<LinkAccess> OpenAsync(SignedInReader reader, SecureLinkId id, string? passPhrase, CancellationToken cancellationToken)
    {
        if (await FindAsync(reader, id, cancellationToken) is not { } found)
        {
            return new LinkAccess.NotFound();
        }

        if (Closed(found) is { } closed)
        {
            return closed;
        }

        if (found.Opening?.SealedKey is not null)
        {
            return await ReadAsync(reader, id, cancellationToken);
        }

        if (found.Link.Link.WrappedKey is not { } wrapped)
        {
            return found.Link.IsSpent ? new LinkAccess.Spent() : new LinkAccess.NotFound();
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
        if (await FindAsync(reader, id, cancellationToken) is not { } found)
        {
            return new LinkAccess.NotFound();
        }

        if (Closed(found) is { } closed)
        {
            return closed;
        }

        if (Key(reader, found) is { } content)
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
            return new LinkAccess.NotOpened(
                found.Link.Message.Sender(organisation).Name,
                found.Link.Message.CreatedAt,
                found.Link.Message.PassPhraseHash is null ? null : SecureLink.MostPhraseTries - found.Link.Link.PhraseTries,
                found.Link.Message.OpensOnce);
        }
        catch (KeyStoreException)
        {
            return new LinkAccess.KeyUnavailable();
        }
    }

    /// <returns>Null when it was not opened in this session, or there is nothing to show of it.</returns>
    public async Task<BodyDocument?> BodyAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await ReopenAsync(reader, id, cancellationToken) is not { } reopened)
        {
            return null;
        }

        await using (reopened)
        {
            return await BodyRendering.RenderAsync(reopened.Contents, plainTextOnly: false, cancellationToken) is not { } rendered ? null
                : new BodyDocument(await WatermarkAsync(reader, id, cancellationToken) is { } mark ? Watermark.Over(rendered.Html, mark) : rendered.Html);
        }
    }

    /// <returns>Null when it was not opened in this session, or there is no such attachment.</returns>
    public async Task<Download?> AttachmentAsync(SignedInReader reader, SecureLinkId id, int index, CancellationToken cancellationToken)
    {
        if (await ReopenAsync(reader, id, cancellationToken, asFile: true) is not { } reopened)
        {
            return null;
        }

        await using (reopened)
        {
            if (await reopened.Contents.DownloadAsync(index, cancellationToken) is not { } download)
            {
                return null;
            }

            await using var db = await _database.WriteAsync(reader.Actor.Organisation, cancellationToken);
            db.Record(new AuditEvent(reader.Actor, AuditAction.AttachmentDownloaded, id.Value, new Dictionary<string, string> { ["index"] = $"{index}" }));
            await db.CommitAsync(cancellationToken);
            return download;
        }
    }

    /// <summary>The message as it was signed.</summary>
    /// <returns>Null when it was not opened in this session, or the organisation gives no originals.</returns>
    public async Task<Download?> OriginalAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        var organisation = reader.Actor.Organisation;
        if (await FindAsync(reader, id, cancellationToken) is not { GivesOriginal: true } found || found.Link.Message.ForbidsDownloads || Closed(found) is not null || Key(reader, found) is not { } content)
        {
            return null;
        }

        using (content)
        {
            await using var db = await _database.WriteAsync(organisation, cancellationToken);
            var raw = await _blobs.OpenAsync(organisation, found.Link.Content, content, cancellationToken);
            db.Record(new AuditEvent(reader.Actor, AuditAction.MessageDownloaded, id.Value, new Dictionary<string, string> { ["form"] = "original" }));
            await db.CommitAsync(cancellationToken);
            return new Download($"{SafeFileName.Of(found.Link.Message.Report(content).Subject, 0)}-signed.eml", "message/rfc822", raw.Length, raw);
        }
    }

    /// <summary>The message without its signature, as every mail program reads it.</summary>
    /// <returns>Null when it was not opened in this session.</returns>
    public async Task<Download?> MessageAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await ReopenAsync(reader, id, cancellationToken, asFile: true) is not { } reopened)
        {
            return null;
        }

        await using (reopened)
        {
            var readable = await reopened.ReadableAsync(cancellationToken);
            await using var db = await _database.WriteAsync(reader.Actor.Organisation, cancellationToken);
            db.Record(new AuditEvent(reader.Actor, AuditAction.MessageDownloaded, id.Value, new Dictionary<string, string> { ["form"] = "message" }));
            await db.CommitAsync(cancellationToken);
            return new Download($"message-{id}.eml", "message/rfc822", readable.Length, readable);
        }
    }

    /// <summary>What an answer begins with.</summary>
    /// <returns>Null when it was not opened in this session, or is closed.</returns>
    internal async Task<OpenedLink?> OpenedAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(reader, id, cancellationToken) is not { } found || Closed(found) is not null || Key(reader, found) is not { } content)
        {
            return null;
        }

        using (content)
        {
            return new OpenedLink(found.Link, found.Link.Message.Report(content));
        }
    }

    /// <returns>Null for a message without text, or one that was not opened in this session.</returns>
    internal async Task<string?> WordsAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await ReopenAsync(reader, id, cancellationToken) is not { } reopened)
        {
            return null;
        }

        await using (reopened)
        {
            return await BodyRendering.WordsAsync(reopened.Contents, cancellationToken);
        }
    }

    /// <returns>What is drawn over the text; null for nothing.</returns>
    private async Task<string?> WatermarkAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(reader, id, cancellationToken) is not { Link: { Message.HasWatermark: true } link })
        {
            return null;
        }

        using var key = await _keys.OfOrganisationAsync(reader.Actor.Organisation, cancellationToken);
        return $"{link.Reader.Address(key)} · {_clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC";
    }

    private LinkAccess? Closed(Found found) => found.Link.Message switch
    {
        { RecalledAt: not null } => new LinkAccess.Recalled(),
        { ExpiresAt: var until } when _clock.GetUtcNow() >= until => new LinkAccess.Expired(until),
        _ => null,
    };

    private async Task<ReopenedMessage?> ReopenAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken, bool asFile = false)
    {
        if (await FindAsync(reader, id, cancellationToken) is not { } found || (asFile && found.Link.Message.ForbidsDownloads) || Closed(found) is not null || Key(reader, found) is not { } content)
        {
            return null;
        }

        using (content)
        {
            return await Reopening.OpenAsync(
                await _blobs.OpenAsync(reader.Actor.Organisation, found.Link.Content, content, cancellationToken), [], found.Link.Message.CreatedAt, cancellationToken);
        }
    }

    private async Task<Found?> FindAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        var actor = reader.Actor;
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        if (await FoundLink.FindAsync(db, actor.Organisation, id, cancellationToken) is not { } link || link.Reader.Id != actor.Id)
        {
            return null;
        }

        var opening = await db.LinkOpenings.SingleOrDefaultAsync(
            one => one.OrganisationId == actor.Organisation && one.LinkId == id && one.SessionId == actor.Session, cancellationToken);
        var givesOriginals = await db.Organisations.Where(one => one.Id == actor.Organisation).Select(one => one.GivesOriginals).SingleAsync(cancellationToken);
        return new Found(link, opening, givesOriginals && link.Message.AuthorId is null);
    }

    private async Task<bool> RecordAsync(SignedInReader reader, Found found, SealingKey content, IReadOnlyCollection<AuditEvent> keyUses, CancellationToken cancellationToken)
    {
        var (actor, now, once) = (reader.Actor, _clock.GetUtcNow(), found.Link.Message.OpensOnce);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var opening = found.Opening;
        if (opening is null)
        {
            opening = Opening(reader, found.Link.Link, content, now);
            db.LinkOpenings.Add(opening);
        }
        else
        {
            db.LinkOpenings.Update(opening);
            Hold(reader, opening, content);
        }

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

        db.Record(keyUses);
        db.Record(new AuditEvent(actor, AuditAction.LinkOpened, found.Link.Link.Id.Value, new Dictionary<string, string> { ["proof"] = reader.Proof.ToString() }));
        db.Announce(found.Link.Message.MailboxId);
        await db.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<bool> KnowsAsync(Found found, byte[] hash, string? passPhrase, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(passPhrase))
        {
            return false;
        }

        var (organisation, id) = (found.Link.Link.OrganisationId, found.Link.Link.Id);
        await using var db = await _database.WriteAsync(organisation, cancellationToken);
        var counted = await db.SecureLinks
            .Where(one => one.OrganisationId == organisation && one.Id == id && one.PhraseTries < SecureLink.MostPhraseTries)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.PhraseTries, one => one.PhraseTries + 1), cancellationToken);
        var isRight = counted == 1 && PassPhrases.Is(hash, passPhrase);
        if (!isRight)
        {
            db.Record(new AuditEvent(new Actor.Portal(organisation, "secure-links"), AuditAction.PassPhraseRefused, id.Value));
            db.Announce(found.Link.Message.MailboxId);
        }

        await db.CommitAsync(cancellationToken);
        return isRight;
    }

    /// <summary>From now on this session reads it.</summary>
    internal static LinkOpening Opening(SignedInReader reader, SecureLink link, SealingKey content, DateTimeOffset now)
    {
        var opening = new LinkOpening(link, reader.Actor.Session, now);
        Hold(reader, opening, content);
        return opening;
    }

    private static void Hold(SignedInReader reader, LinkOpening opening, SealingKey content)
    {
        using var session = ReaderSessions.KeyOf(reader);
        opening.Hold(content.SealUnder(session, Context(opening.LinkId)));
    }

    private static SealingKey? Key(SignedInReader reader, Found found)
    {
        if (found.Opening?.SealedKey is not { } held)
        {
            return null;
        }

        using var session = ReaderSessions.KeyOf(reader);
        return SealingKey.OpenUnder(session, held, Context(found.Link.Link.Id));
    }

    private static byte[] Context(SecureLinkId link) => SealedValue.Context(KeyColumn, link.Value);

    private static LinkedMessageView View(SignedInReader reader, Found found, SealingKey content)
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
            report.Attachments,
            reader.Proof,
            found.GivesOriginal && !message.ForbidsDownloads,
            !message.ForbidsDownloads);
    }

    /// <param name="Link">The reader's own.</param>
    /// <param name="Opening">In this session.</param>
    /// <param name="GivesOriginal">It is signed, and the organisation lets readers have that.</param>
    private sealed record Found(FoundLink Link, LinkOpening? Opening, bool GivesOriginal);
}
