using Microsoft.EntityFrameworkCore;
using Portal.Application.KeyBroker;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application.KeyManagement;

/// <summary>New pairs for everybody whose current ones are of another authority of ours than the one that issues.</summary>
internal sealed class Reissuing(PortalDatabase database, KeyReplacing replacing) : IWorkHandler
{
    private const int MostAtOnce = 50;
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(10);

    public WorkKind Kind => WorkKind.ReissueCertificates;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        TimeSpan? next;
        try
        {
            next = await ReissueAsync(work.Organisation, cancellationToken) ? TimeSpan.Zero : null;
        }
        catch (KeyStoreException)
        {
            next = Retry;
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await (next is { } delay
            ? WorkQueue.RescheduleAsync(db, work, delay, endedWell: true, cancellationToken)
            : WorkQueue.CompleteAsync(db, work, cancellationToken));
        await db.CommitAsync(cancellationToken);
    }

    /// <returns>Whether there is more to do.</returns>
    private async Task<bool> ReissueAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        List<ManagedKeyId> keys;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            var issuing = await db.Organisations.Where(one => one.Id == organisation).Select(one => one.IssuingAuthorityId).SingleAsync(cancellationToken);
            keys = await Authorities.Current(db, organisation)
                .Where(one => one.IssuerId != issuing && one.KeyId != null)
                .OrderBy(one => one.CreatedAt)
                .Select(one => one.KeyId!.Value)
                .Take(MostAtOnce)
                .ToListAsync(cancellationToken);
        }

        var replaced = 0;
        foreach (var key in keys)
        {
            switch (await replacing.ReplaceAsync(new Actor.Portal(organisation, "reissuing"), key, cancellationToken))
            {
                case KeyReplaced.Done:
                    replaced++;
                    break;
                case KeyReplaced.StoreAway away:
                    throw new KeyStoreException(KeyStoreFailure.Unavailable, away.Words);
            }
        }

        return keys.Count == MostAtOnce && replaced > 0;
    }
}
