using Portal.Application;
using Portal.Application.Policies;
using Portal.Web.Accounts;

namespace Portal.Web.Policies;

/// <summary>A rule as a sentence, and why one is not taken.</summary>
internal static class RuleWords
{
    public static string Sentence(OutgoingRuleDefinition rule)
    {
        var conditions = string.Concat(
            rule.SenderRole == Roles.None ? "" : PolicyTexts.SayFrom.With(RoleWords.Name(rule.SenderRole)),
            Recipients(rule),
            rule.SubjectTag.Trim().Length == 0 ? "" : PolicyTexts.SayTag.With(rule.SubjectTag.Trim()),
            Header(rule));
        var mail = (conditions.Length == 0 ? PolicyTexts.SayAll : PolicyTexts.SayMail).With(conditions);
        var demand = rule.Action switch
        {
            RuleAction.Warn => PolicyTexts.SayWarn,
            RuleAction.Sign => PolicyTexts.SaySign,
            RuleAction.Encrypt => PolicyTexts.SayEncrypt,
            RuleAction.Refuse => PolicyTexts.SayRefuse,
        };
        return rule is { StripsTag: true, SubjectTag.Length: > 0 } ? $"{demand.With(mail)} {PolicyTexts.SayStrips}" : demand.With(mail);
    }

    /// <returns>Null where there is nothing to say.</returns>
    public static string? Problem(RuleChange change) => change switch
    {
        RuleChange.Invalid invalid => Problem(invalid.Problem),
        RuleChange.ChangedElsewhere => PolicyTexts.RuleChangedElsewhere,
        _ => null,
    };

    public static string Problem(RuleProblem problem) => problem switch
    {
        RuleProblem.NameMissing => PolicyTexts.ProblemNameMissing,
        RuleProblem.SentenceMissing => PolicyTexts.ProblemSentenceMissing,
        RuleProblem.DomainMalformed => PolicyTexts.ProblemDomainMalformed,
        RuleProblem.ActionUnknown => PolicyTexts.ProblemActionUnknown,
        RuleProblem.RoleUnknown => PolicyTexts.ProblemRoleUnknown,
        RuleProblem.HeaderNameMalformed => PolicyTexts.ProblemHeaderNameMalformed,
        RuleProblem.HeaderNameMissing => PolicyTexts.ProblemHeaderNameMissing,
        RuleProblem.TagTooShort => PolicyTexts.ProblemTagTooShort,
        RuleProblem.TooLong => PolicyTexts.ProblemTooLong,
        RuleProblem.TooMany => PolicyTexts.ProblemTooMany,
    };

    public static string Name(RuleAction action) => action switch
    {
        RuleAction.Warn => PolicyTexts.ActionWarn,
        RuleAction.Sign => PolicyTexts.ActionSign,
        RuleAction.Encrypt => PolicyTexts.ActionEncrypt,
        RuleAction.Refuse => PolicyTexts.ActionRefuse,
    };

    public static string Explanation(RuleAction action) => action switch
    {
        RuleAction.Warn => PolicyTexts.ActionWarnNote,
        RuleAction.Sign => PolicyTexts.ActionSignNote,
        RuleAction.Encrypt => PolicyTexts.ActionEncryptNote,
        RuleAction.Refuse => PolicyTexts.ActionRefuseNote,
    };

    public static string Name(RuleRecipients recipients) => recipients switch
    {
        RuleRecipients.Everybody => PolicyTexts.RuleToEverybody,
        RuleRecipients.Outside => PolicyTexts.RuleToOutside,
        RuleRecipients.Domain => PolicyTexts.RuleToDomain,
        RuleRecipients.DomainAndBelow => PolicyTexts.RuleToDomainAndBelow,
    };

    private static string Recipients(OutgoingRuleDefinition rule)
    {
        var domain = rule.Domain.Trim() is { Length: > 0 } typed ? typed : "…";
        return rule.Recipients switch
        {
            RuleRecipients.Everybody => "",
            RuleRecipients.Outside => PolicyTexts.SayOutside,
            RuleRecipients.Domain => PolicyTexts.SayDomain.With(domain),
            RuleRecipients.DomainAndBelow => PolicyTexts.SayDomainAndBelow.With(domain),
        };
    }

    private static string Header(OutgoingRuleDefinition rule) => (rule.HeaderName.Trim(), rule.HeaderText.Trim()) switch
    {
        ({ Length: 0 }, _) => "",
        (var name, { Length: 0 }) => PolicyTexts.SayHeader.With(name),
        var (name, text) => PolicyTexts.SayHeaderText.With(name, text),
    };
}
