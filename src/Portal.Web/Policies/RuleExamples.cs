using Portal.Application;
using Portal.Application.Policies;

namespace Portal.Web.Policies;

/// <summary>What most administrators begin with, in the reader's language.</summary>
internal static class RuleExamples
{
    public static IReadOnlyList<OutgoingRuleDefinition> All() =>
    [
        OutgoingRuleDefinition.Empty with { Name = PolicyTexts.ExampleTagName, SubjectTag = PolicyTexts.ExampleTag },
        OutgoingRuleDefinition.Empty with
        {
            Name = PolicyTexts.ExampleOutsideName,
            Action = RuleAction.Refuse,
            Sentence = PolicyTexts.ExampleOutsideSentence,
            SenderRole = Roles.Auditor,
            Recipients = RuleRecipients.Outside,
        },
    ];
}
