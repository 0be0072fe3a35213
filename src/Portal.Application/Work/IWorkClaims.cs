namespace Portal.Application.Work;

/// <param name="Organisation">Whose work.</param>
/// <param name="Id">The row.</param>
/// <param name="Kind">What.</param>
/// <param name="Subject">On what.</param>
/// <param name="Token">Fences: whoever holds an older one has lost the lease.</param>
/// <param name="Attempts">This claim included.</param>
/// <param name="TraceParent">The span that it comes from, if that was recorded.</param>
internal sealed record ClaimedWork(
    OrganisationId Organisation, WorkItemId Id, WorkKind Kind, Guid Subject, long Token, int Attempts, string? TraceParent);

/// <summary>Claims due work of any organisation, by the database's clock; on PostgreSQL with SKIP LOCKED, so that nodes never wait for each other.</summary>
internal interface IWorkClaims
{
    Task<IReadOnlyList<ClaimedWork>> ClaimAsync(int most, TimeSpan lease, CancellationToken cancellationToken);
}
