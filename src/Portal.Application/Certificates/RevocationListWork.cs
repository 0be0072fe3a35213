using Portal.Application.Work;

namespace Portal.Application.Certificates;

/// <summary>A new revocation list long before the last one goes stale.</summary>
internal sealed class RevocationListWork(PortalDatabase database, RevocationLists lists) : IWorkHandler
{
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(10);

    public WorkKind Kind => WorkKind.SignRevocationList;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var published = true;
        try
        {
            await lists.PublishAsync(work.Organisation, cancellationToken);
        }
        catch (Smime.Keys.KeyStoreException)
        {
            published = false;
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.RescheduleAsync(db, work, published ? RevocationLists.Interval : Retry, published, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
