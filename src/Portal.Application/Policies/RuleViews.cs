namespace Portal.Application.Policies;

/// <param name="Id">Which rule.</param>
/// <param name="Version">To be named when it is changed.</param>
/// <param name="IsOn">Whether it counts.</param>
/// <param name="Definition">Null when it cannot be read: then nothing is sent as long as it is on.</param>
/// <param name="ChangedAt">When it was last touched.</param>
/// <param name="ChangedBy">By whom; null for the command line.</param>
public sealed record RuleView(OutgoingRuleId Id, long Version, bool IsOn, OutgoingRuleDefinition? Definition, DateTimeOffset ChangedAt, string? ChangedBy);

public abstract record RuleChange
{
    public sealed record Done(OutgoingRuleId Id) : RuleChange;

    public sealed record Invalid(RuleProblem Problem) : RuleChange;

    /// <summary>Somebody else has changed it since it was shown.</summary>
    public sealed record ChangedElsewhere : RuleChange;

    /// <summary>No such rule in this organisation.</summary>
    public sealed record Gone : RuleChange;
}
