using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Telemetry;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>Signs the revocation lists of an organisation's authorities, one for each partition.</summary>
internal sealed class RevocationLists(PortalDatabase database, KeyBroker.KeyBroker broker, CertificateChains chains, TimeProvider clock)
{
    /// <summary>RFC 5280 leaves it to us; the profile that we follow allows 7 days.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromDays(7);

    /// <summary>Signed every day: six days of an unreachable key store harm nobody.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromDays(1);

    /// <summary>Work that comes a little early finds yesterday's list old enough.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromHours(1);

    private const int MostAttempts = 5;

    /// <summary>Those that are a day old, and those that something has changed since.</summary>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task PublishAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        foreach (var authority in await chains.AllAsync(organisation, cancellationToken))
        {
            List<RevocationPartition> partitions;
            await using (var db = await database.ReadAsync(organisation, cancellationToken))
            {
                partitions = await db.RevocationPartitions
                    .Where(one => one.OrganisationId == organisation && one.AuthorityId == authority.Id)
                    .OrderBy(one => one.Number)
                    .ToListAsync(cancellationToken);
            }

            foreach (var partition in partitions)
            {
                for (var attempt = 0; attempt < MostAttempts && await IsDueAsync(authority, partition, cancellationToken) && !await TrySignAsync(authority, partition, cancellationToken); attempt++)
                {
                    // Somebody else was faster, perhaps before what makes it due.
                }
            }
        }
    }

    /// <summary>A certificate without a list is no good: there is one before the first of a partition is signed.</summary>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task EnsureAsync(Authority authority, RevocationPartition partition, CancellationToken cancellationToken)
    {
        await using (var db = await database.ReadAsync(partition.OrganisationId, cancellationToken))
        {
            if (await Of(db, partition).AnyAsync(cancellationToken))
            {
                return;
            }
        }

        await TrySignAsync(authority, partition, cancellationToken);
    }

    private static IQueryable<PublishedRevocationList> Of(PortalDbContext db, RevocationPartition partition) => db.RevocationLists.Where(
        one => one.OrganisationId == partition.OrganisationId && one.AuthorityId == partition.AuthorityId && one.Partition == partition.Number);

    // Without an address, a list covers all that its authority ever issued; a root's does too, as nothing in a root says where its list is.
    private static bool IsWhole(Authority authority, RevocationPartition partition) => partition.Address is null || authority.Certificate.IsSelfIssued();

    private static IQueryable<Certificate> CoveredBy(PortalDbContext db, Authority authority, RevocationPartition partition)
    {
        var issued = db.Certificates.Where(one => one.OrganisationId == partition.OrganisationId && one.IssuerId == partition.AuthorityId);
        return IsWhole(authority, partition) ? issued : issued.Where(one => one.Partition == partition.Number);
    }

    private async Task<bool> IsDueAsync(Authority authority, RevocationPartition partition, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(partition.OrganisationId, cancellationToken);
        var last = await Of(db, partition).OrderByDescending(one => one.Number).Select(one => (DateTimeOffset?)one.ThisUpdate).FirstOrDefaultAsync(cancellationToken);
        return last is not { } since
            || clock.GetUtcNow() - since >= Interval - Early
            || await CoveredBy(db, authority, partition).AnyAsync(one => one.StandingChangedAt >= since, cancellationToken);
    }

    /// <returns>False when somebody else has signed one of this number meanwhile.</returns>
    private async Task<bool> TrySignAsync(Authority authority, RevocationPartition partition, CancellationToken cancellationToken)
    {
        var organisation = partition.OrganisationId;
        var actor = CertificateAuthority.Issuer(organisation);
        using var span = Spans.Start("portal.revocation_list.publish", organisation)?.SetTag("portal.revocation_list.partition", partition.Number);

        // What changes from here on makes the next list due.
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        List<RevokedCertificate> entries;
        long number;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            var revoked = await CoveredBy(db, authority, partition)
                .Where(one => one.State == CertificateState.Revoked && one.NotAfter > now)
                .Select(one => new { one.SerialNumber, one.RevokedAt, one.RevocationReason })
                .ToListAsync(cancellationToken);
            entries = revoked.ConvertAll(one => new RevokedCertificate(Convert.FromHexString(one.SerialNumber), one.RevokedAt!.Value, one.RevocationReason!.Value));
            number = 1 + (await Of(db, partition).MaxAsync(one => (long?)one.Number, cancellationToken) ?? 0);
        }

        if (await broker.GrantAsync(actor, authority.Key, KeyTask.SignRevocationList, cancellationToken) is not KeyGrant.Granted { Key: var key })
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, "The authority's key may not be used.");
        }

        var scope = IsWhole(authority, partition) ? RevocationListScope.All : RevocationListScope.All with { DistributionPoints = [new Uri(partition.Address!)] };
        var encoded = await RevocationListBuilder.BuildAsync(authority.With(key), number, entries, now, now + Life, scope, cancellationToken);
        await using var write = await database.WriteAsync(organisation, cancellationToken);
        write.RevocationLists.Add(new PublishedRevocationList(partition, number, encoded, now, now + Life));
        write.Record(key.Outcomes);
        write.Record(new AuditEvent(actor, AuditAction.RevocationListIssued, authority.Id.Value, new Dictionary<string, string>
        {
            ["partition"] = partition.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["revoked"] = entries.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
        }));
        try
        {
            await write.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            await using var unused = await database.WriteAsync(organisation, cancellationToken);
            unused.Record(key.Outcomes);
            await unused.CommitAsync(cancellationToken);
            return false;
        }

        await DropOldAsync(partition, number, cancellationToken);
        return true;
    }

    // Whoever is fetching the one before the last gets it; nobody needs what is older.
    private async Task DropOldAsync(RevocationPartition partition, long number, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(partition.OrganisationId, cancellationToken);
        await Of(db, partition).Where(one => one.Number < number - 1).ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
