namespace Portal.Application;

/// <summary>Who acts, and for which organisation: the first argument of everything that reads or changes.</summary>
public abstract record Actor(OrganisationId Organisation)
{
    /// <summary>A person with a live session, or with a permit that they left behind in one.</summary>
    public sealed record Person(OrganisationId Organisation, AccountId Account, Roles Roles, SessionId Session, PermitId? Permit = null) : Actor(Organisation);

    /// <summary>Somebody outside, who has proved that they are whom a link was made for.</summary>
    public sealed record Reader(OrganisationId Organisation, ReaderId Id, ReaderSessionId Session) : Actor(Organisation);

    /// <summary>The portal itself: set-up, workers, the command line.</summary>
    public sealed record Portal(OrganisationId Organisation, string Work) : Actor(Organisation);
}
