using Portal.Application.Work;

namespace Portal.Application.Certificates;

/// <summary>New revocation lists and responders long before the last ones go stale.</summary>
internal sealed class RevocationListWork(PortalDatabase database, RevocationLists lists, ResponderCertificates responders) : IWorkHandler
{
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(10);

    public WorkKind Kind => WorkKind.SignRevocationList;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var published = true;
        try
        {
            await responders.EnsureAsync(work.Organisation, cancellationToken);
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
