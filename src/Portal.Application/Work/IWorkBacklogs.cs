using Portal.Application.Telemetry;

namespace Portal.Application.Work;

/// <summary>Counts the list of work over all organisations, by the database's clock.</summary>
internal interface IWorkBacklogs
{
    Task<IReadOnlyList<WorkBacklog>> ReadAsync(CancellationToken cancellationToken);
}
