namespace Portal.Application.Policies;

/// <summary>Why a rule is not taken.</summary>
public enum RuleProblem
{
    NameMissing,

    /// <summary>Refuse and Warn say something to the sender.</summary>
    SentenceMissing,

    DomainMalformed,

    ActionUnknown,

    /// <summary>None of our roles, or several.</summary>
    RoleUnknown,

    /// <summary>RFC 5322 §3.6.8: printable ASCII without colon.</summary>
    HeaderNameMalformed,

    HeaderNameMissing,

    /// <summary>One or two letters would be found everywhere.</summary>
    TagTooShort,

    TooLong,

    /// <summary>More than 100 rules.</summary>
    TooMany,
}

internal static class RuleChecking
{
    private const int ShortestTag = 3;

    /// <summary>As people type it: without spaces around, the domain as it is compared.</summary>
    public static OutgoingRuleDefinition Normalised(OutgoingRuleDefinition typed) => typed with
    {
        Name = PlainText.Line(typed.Name),
        Sentence = PlainText.Line(typed.Sentence),
        Domain = typed.Recipients is RuleRecipients.Domain or RuleRecipients.DomainAndBelow ? MailDomain.Normalised(typed.Domain) ?? typed.Domain.Trim() : string.Empty,
        HeaderName = typed.HeaderName.Trim().TrimEnd(':'),
        HeaderText = PlainText.Line(typed.HeaderText),
        SubjectTag = PlainText.Line(typed.SubjectTag),
    };

    /// <returns>Null when it can be used as it is.</returns>
    public static RuleProblem? Check(OutgoingRuleDefinition rule) => rule switch
    {
        { Name.Length: 0 } => RuleProblem.NameMissing,
        { Name.Length: > 60 } or { Sentence.Length: > 200 } or { HeaderName.Length: > 60 } or { HeaderText.Length: > 100 } or { SubjectTag.Length: > 30 } => RuleProblem.TooLong,
        { Action: RuleAction.Refuse or RuleAction.Warn, Sentence.Length: 0 } => RuleProblem.SentenceMissing,
        { Recipients: RuleRecipients.Domain or RuleRecipients.DomainAndBelow } when MailDomain.Normalised(rule.Domain) != rule.Domain => RuleProblem.DomainMalformed,
        { Recipients: RuleRecipients.Everybody or RuleRecipients.Outside, Domain.Length: > 0 } => RuleProblem.DomainMalformed,
        { SenderRole: not (Roles.None or Roles.User or Roles.Administrator or Roles.CertificateManager or Roles.Auditor) } => RuleProblem.RoleUnknown,
        { HeaderName: "", HeaderText.Length: > 0 } => RuleProblem.HeaderNameMissing,
        _ when rule.HeaderName.Any(character => character is <= ' ' or ':' or > '~') => RuleProblem.HeaderNameMalformed,
        { SubjectTag.Length: > 0 and < ShortestTag } => RuleProblem.TagTooShort,
        _ => Enum.IsDefined(rule.Action) && Enum.IsDefined(rule.Recipients) ? null : RuleProblem.ActionUnknown,
    };
}
