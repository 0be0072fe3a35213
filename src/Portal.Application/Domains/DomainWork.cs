using Portal.Application.Organisations;
using Portal.Application.Work;

namespace Portal.Application.Domains;

/// <summary>Looks every day whether proofs are still there, and whether what was asked for has come.</summary>
internal sealed class DomainWork(PortalDatabase database, DomainStore store, DomainLooking looking) : IWorkHandler
{
    public static TimeSpan Interval { get; } = TimeSpan.FromDays(1);

    public WorkKind Kind => WorkKind.LookAtDomains;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var actor = new Actor.Portal(work.Organisation, "domains");
        foreach (var domain in await store.ListAsync(work.Organisation, cancellationToken))
        {
            // The operator's word needs no record.
            if (domain.Proof is null or DomainProof.Dns)
            {
                await looking.LookAsync(actor, domain, cancellationToken);
            }
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.RescheduleAsync(db, work, Interval, endedWell: true, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
