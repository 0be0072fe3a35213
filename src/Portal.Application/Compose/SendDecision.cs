using Portal.Application.Policies;
using Portal.Application.Protection;
using Portal.Application.SecureLinks;

namespace Portal.Application.Compose;

/// <summary>Whether a plan may be carried out as its sender chose, and for whom.</summary>
internal static class SendDecision
{
    /// <returns>Null when it may.</returns>
    public static SendProblem? Problem(OutgoingPlan plan, UnencryptableChoice choice, bool answersEncrypted, LinkChoices links)
    {
        if (plan.Recipients.Count == 0)
        {
            return SendProblem.NoRecipient;
        }

        if (plan.Recipients.Count > TypedAddresses.Most)
        {
            return SendProblem.TooManyRecipients;
        }

        if (plan.Recipients.Any(one => one.Recipient is null))
        {
            return SendProblem.MalformedAddress;
        }

        return RuleProblem(plan, choice) ?? PolicyProblem(plan, choice, answersEncrypted) ?? PhraseProblem(plan, choice, links);
    }

    /// <summary>Those it goes to, once there is no problem.</summary>
    public static List<Planned> Chosen(OutgoingPlan plan, UnencryptableChoice choice) => plan.Recipients
        .Where(one => !one.Recipient!.IsForbidden && (!one.Recipient.CannotBeEncrypted || choice == UnencryptableChoice.SendSignedOnly))
        .ToList();

    /// <summary>What rules warn of, for those it goes to, each once.</summary>
    public static List<DecidingRule> Warnings(IReadOnlyList<Planned> chosen) =>
        chosen.SelectMany(one => one.Recipient!.Decision.Warnings).DistinctBy(warning => warning.Id).ToList();

    private static SendProblem? RuleProblem(OutgoingPlan plan, UnencryptableChoice choice)
    {
        if (Any(plan, RecipientHandling.RuleUnreadable))
        {
            return SendProblem.RuleUnreadable;
        }

        if (Any(plan, RecipientHandling.ProtectionRequired))
        {
            return SendProblem.ProtectionRequired;
        }

        // What a rule forbids can be left out; not of a message without protection, which a stricter rule would otherwise set free for the others.
        if (choice == UnencryptableChoice.LeaveOut && !Any(plan, RecipientHandling.NotProtected))
        {
            return Chosen(plan, choice).Count == 0 ? SendProblem.NoRecipient : null;
        }

        return Any(plan, RecipientHandling.RefusedByRule) ? SendProblem.RefusedByRule
            : Any(plan, RecipientHandling.EncryptionRequired) ? SendProblem.EncryptionRequired
            : null;
    }

    private static SendProblem? PolicyProblem(OutgoingPlan plan, UnencryptableChoice choice, bool answersEncrypted)
    {
        // RFC 9787 §5.4: what came encrypted is not answered in the clear.
        if (Any(plan, RecipientHandling.NotProtected))
        {
            return plan.Policy.AllowsUnprotected && !answersEncrypted ? null : SendProblem.NotPermitted;
        }

        if (!plan.Recipients.Any(one => one.Recipient!.CannotBeEncrypted))
        {
            return null;
        }

        return choice switch
        {
            UnencryptableChoice.Ask => SendProblem.Unencryptable,
            UnencryptableChoice.LeaveOut => null,
            UnencryptableChoice.SendSignedOnly => plan.Policy.AllowsSignedOnly && !answersEncrypted ? null : SendProblem.NotPermitted,
        };
    }

    private static SendProblem? PhraseProblem(OutgoingPlan plan, UnencryptableChoice choice, LinkChoices links) =>
        !Chosen(plan, choice).Exists(one => one.Recipient!.Handling == RecipientHandling.SecureLink) ? null
        : links.IsPassPhraseTooShort || (plan.Policy.Readers.DemandsPassPhrase && !links.HasPassPhrase) ? SendProblem.PassPhraseMissing
        : null;

    private static bool Any(OutgoingPlan plan, RecipientHandling handling) => plan.Recipients.Any(one => one.Recipient!.Handling == handling);
}
