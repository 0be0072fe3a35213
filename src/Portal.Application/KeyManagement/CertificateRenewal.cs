using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.Work;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>Renews people's pairs before they end, with new keys; and ends what was begun and never signed.</summary>
internal sealed class CertificateRenewal(PortalDatabase database, KeyReplacing replacing, KeyBroker.KeyBroker broker, CertificateAlerts alerts, TimeProvider clock) : IWorkHandler
{
    /// <summary>Others have this long to hear of the new one.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromDays(30);

    private const int MostAtOnce = 50;
    private static readonly TimeSpan Unfinished = TimeSpan.FromHours(1);
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(10);

    public static TimeSpan Interval { get; } = TimeSpan.FromDays(1);

    public WorkKind Kind => WorkKind.RenewCertificates;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        TimeSpan next;
        var endedWell = true;
        try
        {
            await EndUnfinishedAsync(work.Organisation, cancellationToken);
            next = await RenewAsync(work.Organisation, cancellationToken) == MostAtOnce ? TimeSpan.Zero : Interval;
            await alerts.TellAsync(work.Organisation, cancellationToken);
        }
        catch (KeyStoreException)
        {
            (next, endedWell) = (Retry, false);
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.RescheduleAsync(db, work, next, endedWell, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    /// <returns>How many were renewed; there may be more.</returns>
    /// <exception cref="KeyStoreException">A key store does not answer.</exception>
    public async Task<int> RenewAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Before;
        List<ManagedKeyId> ending;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            // Whatever key is not the newest, or may not be used, is somebody's decision.
            ending = await db.Certificates
                .Where(one => one.OrganisationId == organisation && one.State == CertificateState.Issued && one.NotAfter < until && one.OwnerId != null && one.IssuerId != null)
                .Where(one => db.Accounts.Any(account => account.Id == one.OwnerId && !account.Disabled))
                .Join(db.ManagedKeys.Where(key => key.ReplacedAt == null && key.DisabledAt == null && key.DestroyedAt == null), one => one.KeyId, key => (ManagedKeyId?)key.Id, (one, key) => new { key.Id, one.NotAfter })
                .OrderBy(one => one.NotAfter)
                .Select(one => one.Id)
                .Take(MostAtOnce)
                .ToListAsync(cancellationToken);
        }

        var renewed = 0;
        foreach (var key in ending)
        {
            switch (await replacing.ReplaceAsync(new Actor.Portal(organisation, "renewal"), key, cancellationToken))
            {
                case KeyReplaced.Done:
                    renewed++;
                    break;
                case KeyReplaced.StoreAway away:
                    throw new KeyStoreException(KeyStoreFailure.Unavailable, away.Words);
            }
        }

        return renewed;
    }

    /// <summary>Whoever was to sign it broke off. It may be signed all the same, and nobody has it: its serial number is revoked, and its key destroyed.</summary>
    /// <exception cref="KeyStoreException">A key store does not answer.</exception>
    public async Task EndUnfinishedAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var actor = new Actor.Portal(organisation, "renewal");
        var since = clock.GetUtcNow() - Unfinished;
        List<Certificate> begun;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            begun = await db.Certificates
                .Where(one => one.OrganisationId == organisation && one.State == CertificateState.Intended && one.CreatedAt < since)
                .ToListAsync(cancellationToken);
        }

        foreach (var one in begun)
        {
            ManagedKey? key;
            await using (var db = await database.WriteAsync(organisation, cancellationToken))
            {
                if (await db.Certificates.SingleOrDefaultAsync(row => row.OrganisationId == organisation && row.Id == one.Id && row.State == CertificateState.Intended, cancellationToken) is not { } row)
                {
                    continue;
                }

                CertificateRevocation.Revoke(db, actor, row, CrlReason.CessationOfOperation, clock.GetUtcNow());
                key = await db.ManagedKeys.SingleOrDefaultAsync(key => key.OrganisationId == organisation && key.Id == row.KeyId && key.DestroyedAt == null, cancellationToken);
                await WorkQueue.DueNowAsync(db, organisation, WorkKind.SignRevocationList, organisation.Value, cancellationToken);
                await db.CommitAsync(cancellationToken);
            }

            if (key is not null)
            {
                await broker.DestroyAsync(actor, key, cancellationToken);
            }
        }
    }
}
