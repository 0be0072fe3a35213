namespace Portal.Application.KeyManagement;

/// <param name="Id">The list.</param>
/// <param name="Scope">For whom of it.</param>
/// <param name="State">Whether it goes on.</param>
/// <param name="StartedAt">When somebody gave it.</param>
/// <param name="EndedAt">When nothing was left, or somebody stopped it.</param>
/// <param name="Lines">How many it has.</param>
/// <param name="Done">How many of them have an outcome.</param>
/// <param name="Trouble">What a key store says while it is waited for.</param>
public sealed record IssuanceView(IssuanceBatchId Id, IssuanceScope Scope, IssuanceState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Lines, int Done, string? Trouble);

/// <param name="Outcome">What became of them.</param>
/// <param name="Count">How many lines.</param>
public sealed record IssuanceCount(IssuanceOutcome Outcome, int Count);

/// <param name="Number">In the file, from 1.</param>
/// <param name="Text">The address, or what stands in its place.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Words">What the profile has against it.</param>
public sealed record IssuanceLineView(int Number, string Text, IssuanceOutcome Outcome, string? Words);

/// <param name="Batch">As the list shows it.</param>
/// <param name="Counts">By outcome, those that occur.</param>
/// <param name="Lines">The first of those that somebody should look at.</param>
public sealed record IssuanceDetails(IssuanceView Batch, IReadOnlyList<IssuanceCount> Counts, IReadOnlyList<IssuanceLineView> Lines);

public abstract record IssuanceStart
{
    public sealed record Started(IssuanceBatchId Id) : IssuanceStart;

    /// <summary>More than <see cref="Issuance.MostLines"/> lines or <see cref="Issuance.LargestFile"/> bytes.</summary>
    public sealed record TooLarge : IssuanceStart;

    /// <summary>No line with an address.</summary>
    public sealed record Empty : IssuanceStart;

    /// <summary>Bytes that are no UTF-8.</summary>
    public sealed record NotText : IssuanceStart;
}
