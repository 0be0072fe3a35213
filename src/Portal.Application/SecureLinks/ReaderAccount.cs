using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Brands;
using Portal.Application.SecureLinks.Answers;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <param name="Id">Their link.</param>
/// <param name="Sender">As they call themselves.</param>
/// <param name="SentAt">When it was shared.</param>
/// <param name="ExpiresAt">Until when it can be read.</param>
/// <param name="OpenedAt">First; null while they have not.</param>
/// <param name="IsExpired">That is past.</param>
/// <param name="IsRecalled">Its sender has taken it back.</param>
/// <param name="IsOwn">They wrote it.</param>
/// <param name="Subject">Of what they have opened in this session; null for all else.</param>
public sealed record ReaderMessageView(
    SecureLinkId Id, string Sender, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, DateTimeOffset? OpenedAt, bool IsExpired, bool IsRecalled, bool IsOwn, string? Subject)
{
    public override string ToString() => nameof(ReaderMessageView);
}

/// <param name="Address">Theirs.</param>
/// <param name="Organisation">Where they read.</param>
/// <param name="Language">In which they are written to.</param>
/// <param name="Phrase">Which notices show; null for none.</param>
/// <param name="Messages">The newest first.</param>
/// <param name="MoreThanThese">There are older ones.</param>
/// <param name="Drafts">What they have not sent yet.</param>
/// <param name="Devices">Browsers that are recognised.</param>
/// <param name="HasApp">They have set up an authenticator app.</param>
/// <param name="MayChangeProofs">They have shown what is stronger than a code, or have nothing of the kind.</param>
public sealed record ReaderAccountView(string Address, string Organisation, string Language, string? Phrase, IReadOnlyList<ReaderMessageView> Messages, bool MoreThanThese, IReadOnlyList<ReaderDraftRow> Drafts, int Devices, bool HasApp, bool MayChangeProofs);

/// <summary>What became of how a reader wants to be written to.</summary>
public enum ReaderChoice
{
    Kept,

    /// <summary>Notices have one link, and that is ours.</summary>
    LinkInPhrase,

    KeyUnavailable,
}

/// <summary>What a reader has at one organisation: their messages, how they are written to, and the end of it.</summary>
public sealed class ReaderAccount
{
    private const int MostMessages = 200;

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly BrandReading _brands;
    private readonly TimeProvider _clock;

    internal ReaderAccount(PortalDatabase database, DataKeys keys, BrandReading brands, TimeProvider clock) =>
        (_database, _keys, _brands, _clock) = (database, keys, brands, clock);

    /// <returns>Null while the key store does not answer.</returns>
    public async Task<ReaderAccountView?> ReadAsync(SignedInReader signedIn, CancellationToken cancellationToken)
    {
        var (actor, now) = (signedIn.Actor, _clock.GetUtcNow());
        try
        {
            var brand = await _brands.OfAsync(actor.Organisation, cancellationToken);
            using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
            await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
            var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
            var found = await db.SecureLinks
                .Where(one => one.OrganisationId == actor.Organisation && one.ReaderId == actor.Id && one.ReadyAt != null)
                .OrderByDescending(one => one.ReadyAt)
                .ThenBy(one => one.Id)
                .Take(MostMessages + 1)
                .Join(db.SecureMessages, one => one.MessageId, message => message.Id, (link, message) => new { link, message })
                .ToListAsync(cancellationToken);
            var openings = await db.LinkOpenings
                .Where(one => one.OrganisationId == actor.Organisation && one.SessionId == actor.Session)
                .ToDictionaryAsync(one => one.LinkId, cancellationToken);
            var messages = found
                .OrderByDescending(one => one.link.ReadyAt)
                .Take(MostMessages)
                .Select(one => View(one.link, one.message, key, now, SubjectOf(signedIn, one.message, openings.GetValueOrDefault(one.link.Id), now)))
                .ToList();
            var devices = await db.ReaderDevices.CountAsync(one => one.OrganisationId == actor.Organisation && one.ReaderId == actor.Id && one.ExpiresAt > now, cancellationToken);
            return new ReaderAccountView(reader.Address(key), brand.Name, reader.Language, reader.Phrase(key), messages, found.Count > MostMessages, await ReaderDrafts.ListAsync(db, signedIn, key, cancellationToken), devices, reader.HasApp, await OwnProofs.MayChangeAsync(db, signedIn, cancellationToken));
        }
        catch (KeyStoreException)
        {
            return null;
        }
    }

    /// <summary>What belongs together, the oldest first: only what was sent to them or by them.</summary>
    /// <param name="signedIn">Who.</param>
    /// <param name="link">Theirs, to one of them.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Nothing while the key store does not answer.</returns>
    public async Task<IReadOnlyList<ReaderMessageView>> ConversationAsync(SignedInReader signedIn, SecureLinkId link, CancellationToken cancellationToken)
    {
        try
        {
            return await FindConversationAsync(signedIn, link, cancellationToken);
        }
        catch (KeyStoreException)
        {
            return [];
        }
    }

    private async Task<List<ReaderMessageView>> FindConversationAsync(SignedInReader signedIn, SecureLinkId link, CancellationToken cancellationToken)
    {
        var (actor, now) = (signedIn.Actor, _clock.GetUtcNow());
        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var own = db.SecureLinks.Where(one => one.OrganisationId == actor.Organisation && one.ReaderId == actor.Id && one.ReadyAt != null);
        var conversation = db.SecureMessages.Where(one => own.Any(mine => mine.Id == link && mine.MessageId == one.Id)).Select(one => one.ConversationId);
        var found = await own
            .Join(db.SecureMessages, one => one.MessageId, message => message.Id, (mine, message) => new { link = mine, message })
            .Where(one => one.message.OrganisationId == actor.Organisation && conversation.Contains(one.message.ConversationId))
            .OrderBy(one => one.link.ReadyAt)
            .ThenBy(one => one.link.Id)
            .Take(MostMessages)
            .ToListAsync(cancellationToken);
        return found.ConvertAll(one => View(one.link, one.message, key, now, subject: null));
    }

    /// <param name="signedIn">Who.</param>
    /// <param name="language">Of <see cref="LinkLanguages.All"/>.</param>
    /// <param name="phrase">Empty for none; at most 60 characters count.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<ReaderChoice> ChooseAsync(SignedInReader signedIn, string language, string phrase, CancellationToken cancellationToken)
    {
        var actor = signedIn.Actor;
        var words = PlainText.Line(phrase, Reader.LongestPhrase);
        if (OwnWords.HasLink(words))
        {
            return ReaderChoice.LinkInPhrase;
        }

        try
        {
            using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
            await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
            var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
            reader.Choose(LinkLanguages.All.Contains(language) ? language : reader.Language, words.Length > 0 ? words : null, key);
            db.Record(new AuditEvent(actor, AuditAction.ReaderChanged, actor.Id.Value));
            await db.CommitAsync(cancellationToken);
            return ReaderChoice.Kept;
        }
        catch (KeyStoreException)
        {
            return ReaderChoice.KeyUnavailable;
        }
    }

    /// <summary>Nothing that was sent so far opens for them any more, and every session of theirs ends.</summary>
    /// <returns>False when they have a passkey or an app, and came without: their access begins anew by a code, and is theirs to end.</returns>
    public async Task<bool> CloseAsync(SignedInReader signedIn, CancellationToken cancellationToken)
    {
        var (actor, now) = (signedIn.Actor, _clock.GetUtcNow());
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (!await OwnProofs.MayChangeAsync(db, signedIn, cancellationToken))
        {
            return false;
        }

        var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
        reader.Close(now);
        var links = db.SecureLinks.Where(one => one.ReaderId == actor.Id);
        await WithdrawnLinks.WipeAsync(db, actor.Organisation, links, cancellationToken);
        var mailboxes = await db.SecureMessages
            .Where(one => one.OrganisationId == actor.Organisation && links.Any(link => link.MessageId == one.Id))
            .Select(one => one.MailboxId)
            .Distinct()
            .ToListAsync(cancellationToken);
        await db.ReaderSessions
            .Where(one => one.OrganisationId == actor.Organisation && one.ReaderId == actor.Id && one.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.EndedAt, (DateTimeOffset?)now), cancellationToken);
        await ReaderDevices.ForgetAsync(db, actor.Organisation, actor.Id, cancellationToken);
        await ReaderPasskeys.ForgetAsync(db, actor.Organisation, actor.Id, cancellationToken);
        await db.ReaderDrafts.Where(one => one.OrganisationId == actor.Organisation && one.ReaderId == actor.Id).ExecuteDeleteAsync(cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.ReaderClosed, actor.Id.Value));
        mailboxes.ForEach(one => db.Announce(one));
        await db.CommitAsync(cancellationToken);
        return true;
    }

    private static string? SubjectOf(SignedInReader reader, SecureMessage message, LinkOpening? opening, DateTimeOffset now)
    {
        using var content = message.RecalledAt is null && now < message.ExpiresAt ? ReadersLink.KeyOf(reader, opening) : null;
        return content is null ? null : message.Report(content).Subject;
    }

    private static ReaderMessageView View(SecureLink link, SecureMessage message, SealingKey key, DateTimeOffset now, string? subject) => new(
        link.Id,
        message.Sender(key).Name,
        link.CreatedAt,
        message.ExpiresAt,
        link.FirstOpenedAt,
        now >= message.ExpiresAt,
        message.RecalledAt is not null,
        message.AuthorId is not null && message.AuthorId == link.ReaderId,
        subject);
}
