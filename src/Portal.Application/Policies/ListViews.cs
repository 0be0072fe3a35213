namespace Portal.Application.Policies;

/// <param name="Id">Which entry.</param>
/// <param name="Action">Allow or block.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Value">Address, domain or fingerprint.</param>
/// <param name="Note">Why; may be empty.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="CreatedBy">By whom; null for the portal's operator.</param>
public sealed record ListEntryView(ListEntryId Id, ListAction Action, ListKind Kind, string Value, string Note, DateTimeOffset CreatedAt, string? CreatedBy);

/// <param name="Entries">The newest of those that were looked for, at most 200.</param>
/// <param name="Found">How many were looked for.</param>
/// <param name="Total">How many there are.</param>
public sealed record ListPage(IReadOnlyList<ListEntryView> Entries, int Found, int Total);

/// <param name="Action">Allow or block.</param>
/// <param name="Value">As it is typed: address, domain or fingerprint.</param>
/// <param name="Note">Why; may be empty.</param>
public sealed record NewListEntry(ListAction Action, string Value, string Note);

public enum ListProblem
{
    /// <summary>Neither address nor domain nor SHA-256 fingerprint.</summary>
    ValueUnknown,

    NoteTooLong,

    /// <summary>The list is full.</summary>
    TooMany,

    /// <summary>Neither allow nor block; in files only.</summary>
    ActionUnknown,

    /// <summary>The kind that a file names is not what the value is.</summary>
    KindDiffers,

    /// <summary>Not three or four columns, or a quote that does not end.</summary>
    LineMalformed,
}

public abstract record ListChange
{
    /// <param name="Id">The new entry.</param>
    /// <param name="Value">As it is compared.</param>
    /// <param name="Replaced">What stood there for the same value.</param>
    public sealed record Done(ListEntryId Id, string Value, NewListEntry? Replaced) : ListChange;

    public sealed record Invalid(ListProblem Problem) : ListChange;
}
