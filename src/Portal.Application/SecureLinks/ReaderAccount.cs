using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Brands;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <param name="Id">Their link.</param>
/// <param name="Sender">As they call themselves.</param>
/// <param name="SentAt">When it was shared.</param>
/// <param name="ExpiresAt">Until when it can be read.</param>
/// <param name="OpenedAt">First; null while they have not.</param>
/// <param name="IsExpired">That is past.</param>
/// <param name="IsRecalled">Its sender has taken it back.</param>
public sealed record ReaderMessageView(SecureLinkId Id, string Sender, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, DateTimeOffset? OpenedAt, bool IsExpired, bool IsRecalled);

/// <param name="Address">Theirs.</param>
/// <param name="Organisation">Where they read.</param>
/// <param name="Language">In which they are written to.</param>
/// <param name="Phrase">Which notices show; null for none.</param>
/// <param name="Messages">The newest first.</param>
/// <param name="MoreThanThese">There are older ones.</param>
public sealed record ReaderAccountView(string Address, string Organisation, string Language, string? Phrase, IReadOnlyList<ReaderMessageView> Messages, bool MoreThanThese);

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
                .OrderByDescending(one => one.CreatedAt)
                .ThenBy(one => one.Id)
                .Take(MostMessages + 1)
                .Join(db.SecureMessages, one => one.MessageId, message => message.Id, (link, message) => new { link, message })
                .ToListAsync(cancellationToken);
            var messages = found
                .OrderByDescending(one => one.link.CreatedAt)
                .Take(MostMessages)
                .Select(one => new ReaderMessageView(
                    one.link.Id, one.message.Sender(key).Name, one.link.CreatedAt, one.message.ExpiresAt, one.link.FirstOpenedAt, now >= one.message.ExpiresAt, one.message.RecalledAt is not null))
                .ToList();
            return new ReaderAccountView(reader.Address(key), brand.Name, reader.Language, reader.Phrase(key), messages, found.Count > MostMessages);
        }
        catch (KeyStoreException)
        {
            return null;
        }
    }

    /// <param name="signedIn">Who.</param>
    /// <param name="language">Of <see cref="LinkLanguages.All"/>.</param>
    /// <param name="phrase">Empty for none; at most 60 characters count.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False while the key store does not answer.</returns>
    public async Task<bool> ChooseAsync(SignedInReader signedIn, string language, string phrase, CancellationToken cancellationToken)
    {
        var actor = signedIn.Actor;
        try
        {
            using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
            await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
            var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
            reader.Choose(LinkLanguages.All.Contains(language) ? language : reader.Language, PlainText.Line(phrase, Reader.LongestPhrase) is { Length: > 0 } words ? words : null, key);
            db.Record(new AuditEvent(actor, AuditAction.ReaderChanged, actor.Id.Value));
            await db.CommitAsync(cancellationToken);
            return true;
        }
        catch (KeyStoreException)
        {
            return false;
        }
    }

    /// <summary>Nothing that was sent so far opens for them any more, and every session of theirs ends.</summary>
    public async Task CloseAsync(SignedInReader signedIn, CancellationToken cancellationToken)
    {
        var (actor, now) = (signedIn.Actor, _clock.GetUtcNow());
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
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
        db.Record(new AuditEvent(actor, AuditAction.ReaderClosed, actor.Id.Value));
        mailboxes.ForEach(one => db.Announce(one));
        await db.CommitAsync(cancellationToken);
    }
}
