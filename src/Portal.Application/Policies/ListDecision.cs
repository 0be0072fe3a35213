using Portal.Smime.Pkix;

namespace Portal.Application.Policies;

public enum ListScope
{
    Organisation,
    Personal,
}

public enum ListTreatment
{
    /// <summary>Stored as junk.</summary>
    Blocked,

    /// <summary>Allowed, and a valid signature shows that it is from there.</summary>
    Allowed,

    /// <summary>Its From is allowed, but anybody can write that.</summary>
    AllowedUnproven,
}

/// <summary>What lists say about a message, and which entry decides.</summary>
/// <param name="Treatment">What comes of it.</param>
/// <param name="Scope">Whose list.</param>
/// <param name="Kind">Of the entry.</param>
/// <param name="Value">Of the entry.</param>
/// <param name="Entry">Which one; it may be gone by now.</param>
public sealed record ListMark(ListTreatment Treatment, ListScope Scope, ListKind Kind, string Value, Guid Entry);

/// <summary>Who a message says it is from, and what of that is shown.</summary>
/// <param name="Claimed">Every address in any From.</param>
/// <param name="Certificates">Fingerprints (SHA-256) of all signers, whatever their signatures are worth.</param>
/// <param name="IsProven">All signatures are valid and by whom From names: then the claims hold.</param>
internal sealed record SenderFacts(IReadOnlyList<AddrSpec> Claimed, IReadOnlyList<string> Certificates, bool IsProven)
{
    /// <summary>Whoever names more senders than this is read no further; a list of them shows no sender either.</summary>
    private const int MostClaims = 50;

    public IReadOnlyList<ListedValue> Values => Claimed.Take(MostClaims).SelectMany(ListedValue.AllOf)
        .Concat(Certificates.Take(MostClaims).Select(ListedValue.OfCertificate))
        .Distinct()
        .ToList();
}

/// <param name="Value">One of the message's own.</param>
internal readonly record struct FoundEntry(ListEntryId Id, ListScope Scope, ListAction Action, ListedValue Value);

/// <summary>Which of the entries that fit decides: what blocks before what allows, and the organisation before the person where both block.</summary>
internal static class ListEvaluation
{
    public static ListMark? Decide(IEnumerable<FoundEntry> fitting, bool isProven) => fitting
        .Where(entry => isProven || entry.Action == ListAction.Block || entry.Value.Kind != ListKind.Certificate)
        .OrderBy(Rank)
        .ThenBy(entry => entry.Value.Kind)
        .ThenByDescending(entry => entry.Value.Text.Length)
        .Select(entry => new ListMark(Treatment(entry, isProven), entry.Scope, entry.Value.Kind, entry.Value.Text, entry.Id.Value))
        .FirstOrDefault();

    private static int Rank(FoundEntry entry) => entry switch
    {
        { Action: ListAction.Block, Value.Kind: ListKind.Certificate, Scope: ListScope.Organisation } => 0,
        { Action: ListAction.Block, Value.Kind: ListKind.Certificate } => 1,
        { Action: ListAction.Block, Scope: ListScope.Organisation } => 2,
        { Action: ListAction.Block } => 3,
        { Scope: ListScope.Personal } => 4,
        _ => 5,
    };

    private static ListTreatment Treatment(FoundEntry entry, bool isProven) => entry.Action switch
    {
        ListAction.Block => ListTreatment.Blocked,
        ListAction.Allow => isProven ? ListTreatment.Allowed : ListTreatment.AllowedUnproven,
    };
}
