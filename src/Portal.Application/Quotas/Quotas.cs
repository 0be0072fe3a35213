using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.Organisations;

namespace Portal.Application.Quotas;

/// <summary>What counts for an organisation: what it chose, within the installation's maximum.</summary>
/// <param name="People">Who can sign in.</param>
/// <param name="MailboxBytes">Of each mailbox.</param>
/// <param name="TotalBytes">Of all mailboxes.</param>
/// <param name="MessageBytes">The attachments of one message, but for what travels beside it.</param>
/// <param name="FileBytes">Of one file that travels beside its message.</param>
/// <param name="Recipients">Of one message.</param>
/// <param name="MessagesPerDay">Of one person, in 24 hours.</param>
public sealed record Quota(int People, long MailboxBytes, long TotalBytes, long MessageBytes, long FileBytes, int Recipients, int MessagesPerDay);

/// <summary>
/// Reads limits, and whether there is room. Adding up what is stored takes longer the more there is: a sum is used again for a while,
/// unless it is near its limit. What comes meanwhile may be over the limit, and is kept.
/// </summary>
internal sealed class Quotas(PortalDatabase database, IOptions<QuotaOptions> options, TimeProvider clock)
{
    private const long UsualMessageBytes = 25L << 20;
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<(OrganisationId Organisation, MailboxId? Mailbox), (long Bytes, DateTimeOffset Until)> _sums = new();

    public QuotaOptions Maximum => options.Value;

    public async Task<Quota> OfAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await OfAsync(db, organisation, cancellationToken);
    }

    public async Task<Quota> OfAsync(PortalDbContext db, OrganisationId organisation, CancellationToken cancellationToken) =>
        Of((await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken)).Limits);

    public Quota Of(OrganisationLimits chosen)
    {
        var most = options.Value;
        return new Quota(
            Math.Min(chosen.People ?? most.People, most.People),
            Math.Min(chosen.MailboxBytes ?? most.MailboxBytes, most.MailboxBytes),
            Math.Min(chosen.TotalBytes ?? most.TotalBytes, most.TotalBytes),
            Math.Min(chosen.MessageBytes ?? UsualMessageBytes, most.MessageBytes),
            most.FileBytes,
            Math.Min(chosen.Recipients ?? most.Recipients, most.Recipients),
            Math.Min(chosen.MessagesPerDay ?? most.MessagesPerDay, most.MessagesPerDay));
    }

    /// <returns>Bytes that the mailbox may still take; nothing when it, or everything together, is full.</returns>
    public async Task<long> RoomAsync(OrganisationId organisation, MailboxId mailbox, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await RoomAsync(db, await OfAsync(db, organisation, cancellationToken), organisation, mailbox, cancellationToken);
    }

    public async Task<long> RoomAsync(PortalDbContext db, Quota quota, OrganisationId organisation, MailboxId mailbox, CancellationToken cancellationToken)
    {
        var inMailbox = await StoredAsync(db, organisation, mailbox, quota.MailboxBytes, cancellationToken);
        var inAll = await StoredAsync(db, organisation, null, quota.TotalBytes, cancellationToken);
        return Math.Max(0, Math.Min(quota.MailboxBytes - inMailbox, quota.TotalBytes - inAll));
    }

    /// <summary>Bytes that have just found room, and are large enough to count before the sum is made anew.</summary>
    public void Take(OrganisationId organisation, MailboxId mailbox, long bytes)
    {
        foreach (var of in (MailboxId?[])[mailbox, null])
        {
            if (_sums.TryGetValue((organisation, of), out var known))
            {
                _sums.TryUpdate((organisation, of), known with { Bytes = known.Bytes + bytes }, known);
            }
        }
    }

    /// <summary>Every person counts, and every open invitation.</summary>
    public async Task<bool> HasRoomForPersonAsync(PortalDbContext db, OrganisationId organisation, CancellationToken cancellationToken)
    {
        var most = (await OfAsync(db, organisation, cancellationToken)).People;
        var now = clock.GetUtcNow();
        var people = await db.Accounts.CountAsync(one => one.OrganisationId == organisation && !one.Disabled, cancellationToken);
        var invited = await db.OneTimeLinks.CountAsync(
            one => one.OrganisationId == organisation && one.Purpose == Accounts.OneTimeLinkPurpose.Join && one.UsedAt == null && one.ExpiresAt > now, cancellationToken);
        return people + invited < most;
    }

    private async Task<long> StoredAsync(PortalDbContext db, OrganisationId organisation, MailboxId? mailbox, long limit, CancellationToken cancellationToken)
    {
        if (_sums.TryGetValue((organisation, mailbox), out var known) && known.Until > clock.GetUtcNow() && known.Bytes < limit / 10 * 9)
        {
            return known.Bytes;
        }

        var blobs = db.Blobs.Where(one => one.OrganisationId == organisation);
        var bytes = await (mailbox is { } of ? blobs.Where(one => one.MailboxId == of) : blobs).SumAsync(one => one.Length, cancellationToken) ?? 0;
        _sums[(organisation, mailbox)] = (bytes, clock.GetUtcNow() + Kept);
        return bytes;
    }
}
