using Microsoft.EntityFrameworkCore;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>Fills an authority's partitions, one after the other.</summary>
internal sealed class RevocationPartitions(Publication publication)
{
    public PublicationPoints PointsIn(RevocationPartition partition) => publication.PointsIn(partition);

    /// <summary>Room for more certificates. In the transaction that puts them on record: two that issue at once meet here.</summary>
    /// <returns>The partition of each.</returns>
    public async Task<IReadOnlyList<RevocationPartition>> EnterAsync(PortalDbContext db, OrganisationId organisation, CertificateId authority, int count, CancellationToken cancellationToken)
    {
        await db.LockAuditChainAsync(organisation, cancellationToken);
        var all = db.RevocationPartitions.Where(one => one.OrganisationId == organisation && one.AuthorityId == authority);
        var newest = await all.AsNoTracking().OrderByDescending(one => one.Number).FirstOrDefaultAsync(cancellationToken);
        var entered = new List<RevocationPartition>(count);
        while (entered.Count < count)
        {
            // A partition's list is where its certificates say: under another address begins another one.
            var room = newest is null || newest.Address != publication.ListAddress(authority, newest.Number) ? 0 : RevocationPartition.Capacity - newest.Certificates;
            if (newest is null || room <= 0)
            {
                var number = newest is null ? 0 : newest.Number + 1;
                newest = new RevocationPartition(organisation, authority, number, publication.ListAddress(authority, number));
                db.RevocationPartitions.Add(newest);
                await db.SaveChangesAsync(cancellationToken);
                continue;
            }

            var (partition, more) = (newest, Math.Min(room, count - entered.Count));
            await all.Where(one => one.Number == partition.Number)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Certificates, one => one.Certificates + more), cancellationToken);
            entered.AddRange(Enumerable.Repeat(partition, more));
            newest = entered.Count < count ? await all.AsNoTracking().SingleAsync(one => one.Number == partition.Number, cancellationToken) : partition;
        }

        return entered;
    }
}
