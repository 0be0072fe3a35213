using Portal.Smime.Pkix;

namespace Portal.Application.Policies;

/// <param name="Name">Of the field.</param>
/// <param name="Value">Decoded and unfolded.</param>
internal readonly record struct HeaderField(string Name, string Value);

/// <summary>What rules look at, the same for all recipients.</summary>
/// <param name="Sender">Their roles.</param>
/// <param name="Header">Everything that recipients will see, before any tag is taken out.</param>
/// <param name="Subject">As it was typed.</param>
/// <param name="OwnDomains">Of the organisation.</param>
internal sealed record OutgoingFacts(Roles Sender, IReadOnlyList<HeaderField> Header, string Subject, IReadOnlySet<string> OwnDomains);

/// <param name="Definition">Null when it cannot be read.</param>
internal sealed record EffectiveRule(OutgoingRuleId Id, long Version, OutgoingRuleDefinition? Definition);

/// <summary>The one place where rules are held against a message. Rules have no order: each can only add to what is asked for.</summary>
internal static class RuleEvaluation
{
    public static RuleDecision Decide(IReadOnlyList<EffectiveRule> rules, OutgoingFacts message, AddrSpec recipient)
    {
        var matching = rules.Where(rule => rule.Definition is null || (HoldsFor(rule.Definition, message) && HoldsFor(rule.Definition, message, recipient))).ToList();
        if (matching.Exists(rule => rule.Definition is null))
        {
            return new RuleDecision(RuleAction.Refuse, Deciding(matching.Where(rule => rule.Definition is null)), [], true);
        }

        var demand = matching.Select(rule => rule.Definition!.Action).Where(action => action != RuleAction.Warn).Cast<RuleAction?>().Max();
        return new RuleDecision(
            demand,
            Deciding(matching.Where(rule => rule.Definition!.Action == demand)),
            Deciding(matching.Where(rule => rule.Definition!.Action == RuleAction.Warn)),
            false);
    }

    /// <summary>The subject without the tags of rules that hold for somebody and take them out.</summary>
    public static string SubjectWithoutTags(IReadOnlyList<EffectiveRule> rules, OutgoingFacts message, IReadOnlyList<AddrSpec> recipients)
    {
        var tags = rules
            .Select(rule => rule.Definition)
            .OfType<OutgoingRuleDefinition>()
            .Where(rule => rule is { StripsTag: true, SubjectTag.Length: > 0 } && HoldsFor(rule, message) && recipients.Any(recipient => HoldsFor(rule, message, recipient)))
            .Select(rule => rule.SubjectTag)
            .OrderByDescending(tag => tag.Length)
            .ToList();
        var stripped = tags.Aggregate(message.Subject, (subject, tag) => subject.Replace(tag, " ", StringComparison.OrdinalIgnoreCase));
        return tags.Count == 0 ? message.Subject : string.Join(' ', stripped.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool HoldsFor(OutgoingRuleDefinition rule, OutgoingFacts message, AddrSpec recipient) => rule.Recipients switch
    {
        RuleRecipients.Everybody => true,
        RuleRecipients.Outside => !message.OwnDomains.Contains(recipient.Domain),
        RuleRecipients.Domain => recipient.Domain == rule.Domain,
        RuleRecipients.DomainAndBelow => MailDomain.IsOrIsBelow(recipient.Domain, rule.Domain),
    };

    private static bool HoldsFor(OutgoingRuleDefinition rule, OutgoingFacts message) =>
        (rule.SenderRole == Roles.None || message.Sender.HasFlag(rule.SenderRole))
        && (rule.SubjectTag.Length == 0 || message.Subject.Contains(rule.SubjectTag, StringComparison.OrdinalIgnoreCase))
        && (rule.HeaderName.Length == 0 || message.Header.Any(field =>
            field.Name.Equals(rule.HeaderName, StringComparison.OrdinalIgnoreCase) && field.Value.Contains(rule.HeaderText, StringComparison.OrdinalIgnoreCase)));

    private static List<DecidingRule> Deciding(IEnumerable<EffectiveRule> rules) =>
        rules.Select(rule => new DecidingRule(rule.Id, rule.Version, rule.Definition?.Name ?? string.Empty, rule.Definition?.Sentence ?? string.Empty)).ToList();
}
