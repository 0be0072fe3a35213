using System.Globalization;
using Portal.Application.Audit;
using Portal.Application.Checkpoints;
using Portal.Application.Organisations;

namespace Portal.Cli;

/// <summary>What was found about a chain, for people and for programs.</summary>
internal static class VerdictWords
{
    public static object View(OrganisationName organisation, ChainVerdict verdict) => new
    {
        organisation = organisation.Name,
        organisation.Id,
        fine = verdict.IsFine,
        (verdict.Chain as AuditChainState.Intact)?.Entries,
        firstBad = (verdict.Chain as AuditChainState.Broken)?.Sequence,
        (verdict.Chain as AuditChainState.Broken)?.Fault,
        verdict.Checkpoints,
        newestCheckpoint = verdict.Newest,
        verdict.Problems,
    };

    public static IEnumerable<string> Lines(OrganisationName organisation, ChainVerdict verdict) =>
        verdict.Problems.Append(Chain(verdict)).Select(words => $"{organisation.Name}: {words}");

    private static string Chain(ChainVerdict verdict) => verdict.Chain switch
    {
        AuditChainState.Intact intact => $"{intact.Entries} entries, intact; {Checkpoints(verdict)}",
        AuditChainState.Broken broken => $"entry {broken.Sequence} {Words(broken.Fault)}",
        _ => throw new InvalidOperationException("A chain is intact or broken."),
    };

    private static string Checkpoints(ChainVerdict verdict) => verdict.Checkpoints == 0
        ? $"no checkpoint {(verdict.Problems.Count > 0 ? "could be used" : "was looked at")}, so a tail that was cut off would not be noticed."
        : string.Create(CultureInfo.InvariantCulture, $"{verdict.Checkpoints} {(verdict.Checkpoints == 1 ? "checkpoint agrees" : "checkpoints agree")}, the newest of {verdict.Newest:u}.");

    private static string Words(AuditFault fault) => fault switch
    {
        AuditFault.Missing => "is missing.",
        AuditFault.Altered => "was altered: its hash does not fit what it says.",
        AuditFault.Unlinked => "does not follow from the one before it, which was rewritten.",
        AuditFault.Inserted => "was inserted: the chain's end does not know it.",
        AuditFault.EndAltered => "is whole, but the chain's recorded end was altered.",
        AuditFault.Truncated => "is missing: a checkpoint outside knew it, and the tail was cut off.",
        AuditFault.Rewritten => "is not the one that a checkpoint outside knew: it, or one before it, was rewritten.",
    };
}
