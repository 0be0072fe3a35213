using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;

namespace Portal.Application.SecureLinks;

/// <param name="Id">The link.</param>
/// <param name="Address">The recipient.</param>
/// <param name="ReadyAt">When it could be opened; null while it is made.</param>
/// <param name="Notice">What became of the mail by which the reader heard of it.</param>
/// <param name="FirstOpenedAt">Null while nobody has.</param>
/// <param name="LastOpenedAt">Likewise.</param>
/// <param name="Openings">How often.</param>
/// <param name="IsClosed">The reader has ended their access.</param>
/// <param name="IsLocked">Too many wrong phrases: nobody opens it until its sender lets them try again.</param>
/// <param name="MayBeReminded">They have not opened it, and were not told of late.</param>
/// <param name="IsGroup">Several people read the address, each by a link of their own.</param>
/// <param name="GroupId">The link of the address by which this person came; null for who was written to.</param>
/// <param name="ShowsOwnProof">The message asks for their passkey or app, and they have one.</param>
/// <param name="History">The newest first.</param>
public sealed record SentLinkView(
    SecureLinkId Id,
    string Address,
    DateTimeOffset? ReadyAt,
    DeliveryView? Notice,
    DateTimeOffset? FirstOpenedAt,
    DateTimeOffset? LastOpenedAt,
    int Openings,
    bool IsClosed,
    bool IsLocked,
    bool MayBeReminded,
    bool IsGroup,
    SecureLinkId? GroupId,
    bool ShowsOwnProof,
    IReadOnlyList<LinkOpeningView> History);

/// <param name="At">When.</param>
/// <param name="Proof">How they were identified.</param>
/// <param name="Downloads">Of files, in that session.</param>
public sealed record LinkOpeningView(DateTimeOffset At, ReaderProof Proof, int Downloads);

/// <param name="ExpiresAt">Until when they can be opened.</param>
/// <param name="RecalledAt">When their sender took them back.</param>
/// <param name="IsAnswered">There are other messages of the same conversation that can be taken back.</param>
/// <param name="Demands">What was asked of readers.</param>
/// <param name="Links">By address.</param>
public sealed record SentLinksView(DateTimeOffset ExpiresAt, DateTimeOffset? RecalledAt, bool IsAnswered, LinkDemands Demands, IReadOnlyList<SentLinkView> Links);

/// <summary>What was asked of readers.</summary>
public sealed record LinkDemands(bool PassPhrase, bool OpensOnce, bool ForbidsDownloads, bool HasWatermark, bool OwnProof);

/// <summary>What became of the links of a sent message, for its sender.</summary>
public sealed class SentLinks
{
    private const int MostOpenings = 1000;

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly TimeProvider _clock;

    internal SentLinks(PortalDatabase database, DataKeys keys, TimeProvider clock) => (_database, _keys, _clock) = (database, keys, clock);

    /// <returns>Null for a message that went to nobody by a link, or is another's.</returns>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<SentLinksView?> OfAsync(Actor.Person actor, StoredMessageId sentCopy, CancellationToken cancellationToken)
    {
        SecureMessage? message;
        List<SecureLink> links;
        List<Delivery> notices;
        ILookup<SecureLinkId, LinkOpening> openings;
        bool isAnswered;
        IReadOnlyCollection<ReaderId> proving;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            message = await db.SecureMessages.SingleOrDefaultAsync(
                one => one.OrganisationId == actor.Organisation && one.SentCopyId == sentCopy && db.Mailboxes.OwnedBy(actor).Any(mailbox => mailbox.Id == one.MailboxId), cancellationToken);
            if (message is null)
            {
                return null;
            }

            links = await db.SecureLinks.Where(one => one.OrganisationId == actor.Organisation && one.MessageId == message.Id).ToListAsync(cancellationToken);
            isAnswered = await db.SecureMessages.AnyAsync(one => one.OrganisationId == actor.Organisation && one.ConversationId == message.ConversationId && one.Id != message.Id && one.RecalledAt == null, cancellationToken);
            var all = links.ConvertAll(one => one.Id);
            openings = (await db.LinkOpenings.Where(one => one.OrganisationId == actor.Organisation && all.Contains(one.LinkId)).OrderByDescending(one => one.OpenedAt).Take(MostOpenings).ToListAsync(cancellationToken))
                .ToLookup(one => one.LinkId);
            var ids = links.Select(one => one.NoticeId).ToList();
            var readers = message.AsksOwnProof ? links.Select(one => one.ReaderId).OfType<ReaderId>().ToList() : [];
            proving = (await OwnProofs.HoldersAsync(db, actor.Organisation, readers, DateTimeOffset.MaxValue, cancellationToken)).ToHashSet();
            notices = await db.Deliveries.Where(one => one.OrganisationId == actor.Organisation && ids.Contains(one.OutboxMessageId)).ToListAsync(cancellationToken);
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, message.MailboxId, cancellationToken);
        var now = _clock.GetUtcNow();
        var views = notices.ToDictionary(one => one.OutboxMessageId, one => Deliveries.View([one], key)[0]);
        return new SentLinksView(message.ExpiresAt, message.RecalledAt, isAnswered, new LinkDemands(message.PassPhraseHash is not null, message.OpensOnce, message.ForbidsDownloads, message.HasWatermark, message.AsksOwnProof), links
            .Select(one => new SentLinkView(
                one.Id,
                one.Address(key),
                one.ReadyAt,
                one.NoticeId is { } notice ? views.GetValueOrDefault(notice) : null,
                one.FirstOpenedAt,
                one.LastOpenedAt,
                one.Openings,
                one.ReadyAt is not null && one.WrappedKey is null && message.RecalledAt is null && now < message.ExpiresAt && !(message.OpensOnce && one.FirstOpenedAt is not null),
                one.PhraseTries >= SecureLink.MostPhraseTries,
                message.RecalledAt is null && now < message.ExpiresAt && one.MayBeReminded(now),
                one.IsGroup,
                one.GroupId,
                one.ReaderId is { } reader && proving.Contains(reader),
                openings[one.Id].Select(opening => new LinkOpeningView(opening.OpenedAt, opening.Proof, opening.Downloads)).ToList()))
            .OrderBy(one => one.Address, StringComparer.OrdinalIgnoreCase)
            .ToList());
    }
}
