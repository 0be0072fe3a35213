using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Certificates;

/// <summary>Whoever looks for a person's pair takes the newest certificate: every other key only opens what was meant for it.</summary>
internal static class FormerPairs
{
    /// <summary>In the transaction that ends the issuing, and on record in it. Two that are issued at once meet at the person's row.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="asker">On record with it.</param>
    /// <param name="issued">As they are known to this transaction; people's only count, and of those what has a key here.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task ReplaceAsync(PortalDbContext db, Actor asker, IReadOnlyList<Certificate> issued, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var organisation = asker.Organisation;
        var fresh = issued.Where(one => one is { OwnerId: not null, KeyId: not null }).ToList();
        var owners = fresh.Select(one => one.OwnerId!.Value).Distinct().OrderBy(one => one.Value).ToList();
        foreach (var owner in owners)
        {
            await db.Accounts
                .Where(one => one.OrganisationId == organisation && one.Id == owner)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.DisplayName, one => one.DisplayName), cancellationToken);
        }

        var others = await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.OwnerId != null && owners.Contains(one.OwnerId.Value) && one.State == CertificateState.Issued)
            .Where(one => db.ManagedKeys.Any(key => key.Id == one.KeyId && key.ReplacedAt == null))
            .Select(one => new { one.OwnerId, one.Kind, one.CreatedAt, one.KeyId })
            .ToListAsync(cancellationToken);
        var keys = await db.ManagedKeys
            .Where(one => one.OrganisationId == organisation && one.OwnerId != null && owners.Contains(one.OwnerId.Value) && one.DestroyedAt == null)
            .ToListAsync(cancellationToken);
        foreach (var certificate in fresh)
        {
            var later = others
                .Where(one => one.OwnerId == certificate.OwnerId && one.Kind == certificate.Kind && one.CreatedAt > certificate.CreatedAt)
                .MaxBy(one => one.CreatedAt)?.KeyId;
            var own = keys.Single(one => one.Id == certificate.KeyId);
            var former = later is null ? keys.Where(one => one.OwnerId == own.OwnerId && one.Purpose == own.Purpose && one != own) : [own];
            foreach (var key in former.Where(one => one.ReplacedAt is null))
            {
                key.Replace(now);
                db.Record(KeyBroker.KeyBroker.Replaced(asker, key.Id, key.Purpose, later ?? own.Id));
            }

            if (later is null)
            {
                // Another, issued before this one was, may have taken it for a former one.
                own.TakePlace();
            }
        }
    }
}
