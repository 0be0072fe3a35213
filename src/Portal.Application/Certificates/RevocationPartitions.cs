using Microsoft.EntityFrameworkCore;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>Fills an authority's partitions, one after the other.</summary>
internal sealed class RevocationPartitions(Publication publication)
{
    public PublicationPoints PointsIn(RevocationPartition partition) => publication.PointsIn(partition);

    /// <summary>Room for one more certificate. In the transaction that puts it on record: two that are issued at once meet here.</summary>
    public async Task<RevocationPartition> EnterAsync(PortalDbContext db, OrganisationId organisation, CertificateId authority, CancellationToken cancellationToken)
    {
        await db.LockAuditChainAsync(organisation, cancellationToken);
        var all = db.RevocationPartitions.Where(one => one.OrganisationId == organisation && one.AuthorityId == authority);
        var newest = await all.AsNoTracking().OrderByDescending(one => one.Number).FirstOrDefaultAsync(cancellationToken);

        // A partition's list is where its certificates say: under another address begins another one.
        if (newest is null || newest.Certificates >= RevocationPartition.Capacity || newest.Address != publication.ListAddress(authority, newest.Number))
        {
            var number = newest is null ? 0 : newest.Number + 1;
            newest = new RevocationPartition(organisation, authority, number, publication.ListAddress(authority, number));
            db.RevocationPartitions.Add(newest);
            await db.SaveChangesAsync(cancellationToken);
        }

        await all.Where(one => one.Number == newest.Number).ExecuteUpdateAsync(set => set.SetProperty(one => one.Certificates, one => one.Certificates + 1), cancellationToken);
        return newest;
    }
}
