namespace Portal.Application.Outbox;

/// <param name="Organisation">Whose work.</param>
/// <param name="Id">The row.</param>
/// <param name="Kind">What.</param>
/// <param name="Subject">On what.</param>
/// <param name="Token">Fences: whoever holds an older one has lost the lease.</param>
/// <param name="Attempts">This claim included.</param>
internal sealed record ClaimedWork(OrganisationId Organisation, WorkItemId Id, WorkKind Kind, Guid Subject, long Token, int Attempts);

/// <summary>Claims due work of any organisation, by the database's clock; on PostgreSQL with SKIP LOCKED, so that nodes never wait for each other.</summary>
internal interface IWorkClaims
{
    Task<IReadOnlyList<ClaimedWork>> ClaimAsync(int most, TimeSpan lease, CancellationToken cancellationToken);
}
