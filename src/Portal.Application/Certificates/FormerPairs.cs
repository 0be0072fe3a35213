using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Certificates;

/// <summary>Whoever looks for a person's pair takes the newest certificate: every other key only opens what was meant for it.</summary>
internal static class FormerPairs
{
    /// <summary>In the transaction that ends the issuing, and on record in it. Two that are issued at once meet at the person's row.</summary>
    public static async Task ReplaceAsync(PortalDbContext db, Actor asker, Certificate issued, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (issued.OwnerId is not { } owner || issued.KeyId is not { } key)
        {
            return;
        }

        await db.Accounts
            .Where(one => one.OrganisationId == issued.OrganisationId && one.Id == owner)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.DisplayName, one => one.DisplayName), cancellationToken);
        var later = await db.Certificates
            .Where(one => one.OrganisationId == issued.OrganisationId && one.OwnerId == owner && one.Kind == issued.Kind && one.State == CertificateState.Issued)
            .Where(one => one.CreatedAt > issued.CreatedAt && !db.ManagedKeys.Any(key => key.Id == one.KeyId && key.ReplacedAt != null))
            .OrderByDescending(one => one.CreatedAt)
            .Select(one => one.KeyId)
            .FirstOrDefaultAsync(cancellationToken);
        var keys = db.ManagedKeys
            .Where(one => one.OrganisationId == issued.OrganisationId && one.OwnerId == owner)
            .Where(one => one.Purpose == db.ManagedKeys.Where(other => other.Id == key).Select(other => other.Purpose).First());
        var isLater = later is not null;
        foreach (var former in await keys.Where(one => one.ReplacedAt == null && one.DestroyedAt == null && (one.Id == key) == isLater).ToListAsync(cancellationToken))
        {
            former.Replace(now);
            db.Record(KeyBroker.KeyBroker.Replaced(asker, former.Id, former.Purpose, later ?? key));
        }

        if (!isLater)
        {
            // Another, issued before this one was, may have taken it for a former one.
            await keys.Where(one => one.Id == key).ExecuteUpdateAsync(set => set.SetProperty(one => one.ReplacedAt, (DateTimeOffset?)null), cancellationToken);
        }
    }
}
