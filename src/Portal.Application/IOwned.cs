namespace Portal.Application;

/// <summary>A row of one organisation. Row-level security holds on every such table.</summary>
public interface IOwned
{
    OrganisationId OrganisationId { get; }
}
