using Microsoft.EntityFrameworkCore;
using Portal.Application;
using Portal.Application.Work;

namespace Portal.Database.Postgres;

internal sealed class PostgresWorkClaims(IPortalDbContexts contexts) : IWorkClaims
{
    public async Task<IReadOnlyList<ClaimedWork>> ClaimAsync(int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create();
        await db.BeginAsync(null, cancellationToken);
        var rows = await db.Database
            .SqlQuery<Row>($"""
                select organisation_id as "Organisation", work_item_id as "Id", kind as "Kind", subject as "Subject", token as "Token", attempts as "Attempts",
                    trace_parent as "TraceParent"
                from portal_claim_work({most}, {lease})
                """)
            .ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return rows.ConvertAll(row => new ClaimedWork(
            new OrganisationId(row.Organisation),
            new WorkItemId(row.Id),
            Enum.Parse<WorkKind>(row.Kind),
            row.Subject,
            row.Token,
            row.Attempts,
            row.TraceParent));
    }

    private sealed record Row(Guid Organisation, Guid Id, string Kind, Guid Subject, long Token, int Attempts, string? TraceParent);
}
