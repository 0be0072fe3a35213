using Portal.Application.Organisations;

namespace Portal.Application.Domains;

/// <param name="Id">Of the claim.</param>
/// <param name="Name">A-label form.</param>
/// <param name="RecordName">Where the DNS is asked.</param>
/// <param name="RecordValue">What it has to say.</param>
/// <param name="ProvedAt">Null while it is only claimed.</param>
/// <param name="Proof">What the proof rests on.</param>
/// <param name="LookedAt">When the DNS last answered.</param>
/// <param name="MissingSince">Since when the record is gone.</param>
/// <param name="IsWarned">It is gone for more than a week.</param>
/// <param name="Addresses">How many people and open invitations are in it.</param>
public sealed record DomainView(
    OrganisationDomainId Id,
    string Name,
    string RecordName,
    string RecordValue,
    DateTimeOffset? ProvedAt,
    DomainProof? Proof,
    DateTimeOffset? LookedAt,
    DateTimeOffset? MissingSince,
    bool IsWarned,
    int Addresses);

public abstract record DomainAdding
{
    public sealed record Added(OrganisationDomainId Id) : DomainAdding;

    public sealed record Malformed : DomainAdding;

    public sealed record AlreadyHere(OrganisationDomainId Id) : DomainAdding;

    /// <summary>More than 100.</summary>
    public sealed record TooMany : DomainAdding;
}

/// <summary>What a look into the DNS came to.</summary>
public abstract record DomainLook
{
    public sealed record Proved : DomainLook;

    /// <summary>There is no TXT record of that name, or it is not known yet to the servers that were asked.</summary>
    public sealed record NoRecord : DomainLook;

    /// <param name="Found">What stands there instead.</param>
    public sealed record OtherValue(IReadOnlyList<string> Found) : DomainLook;

    public sealed record NoAnswer : DomainLook;

    /// <summary>Another organisation here has proved it before; only the operator can change that.</summary>
    public sealed record ProvedElsewhere : DomainLook;

    public sealed record Gone : DomainLook;
}

public abstract record DomainRemoval
{
    public sealed record Removed : DomainRemoval;

    /// <param name="Addresses">People and open invitations.</param>
    public sealed record InUse(int Addresses) : DomainRemoval;

    public sealed record Gone : DomainRemoval;
}
