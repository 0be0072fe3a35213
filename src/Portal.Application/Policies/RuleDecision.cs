namespace Portal.Application.Policies;

/// <param name="Id">Which rule.</param>
/// <param name="Version">As it was read: a warning that changes is asked again.</param>
/// <param name="Name">Empty where the rule cannot be read.</param>
/// <param name="Sentence">For the sender; may be empty.</param>
public sealed record DecidingRule(OutgoingRuleId Id, long Version, string Name, string Sentence);

/// <summary>A warning that its sender has read and confirmed.</summary>
public readonly record struct ConfirmedWarning(OutgoingRuleId Rule, long Version);

/// <summary>What all rules together say about one recipient.</summary>
/// <param name="Demand">The strictest of Sign, Encrypt and Refuse; null when no rule asks for any.</param>
/// <param name="Deciding">The rules that ask for just that, or that cannot be read.</param>
/// <param name="Warnings">To be confirmed first.</param>
/// <param name="IsUnreadable">A rule that is on cannot be read, and so nothing is sent.</param>
public sealed record RuleDecision(RuleAction? Demand, IReadOnlyList<DecidingRule> Deciding, IReadOnlyList<DecidingRule> Warnings, bool IsUnreadable)
{
    public static RuleDecision None { get; } = new(null, [], [], false);
}
