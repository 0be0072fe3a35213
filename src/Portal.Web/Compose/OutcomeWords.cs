using Portal.Application;
using Portal.Application.Compose;
using Portal.Application.Protection;

namespace Portal.Web.Compose;

/// <summary>What will happen to a message, recipient by recipient, and why it was not sent.</summary>
internal static class OutcomeWords
{
    public static string Of(RecipientOutcome outcome) => outcome.Handling switch
    {
        RecipientHandling.Encrypted when outcome.Inside => ComposeTexts.EncryptedInside,
        RecipientHandling.Encrypted => WithWhy(ComposeTexts.Encrypted, outcome.Algorithms),
        RecipientHandling.EncryptedCompatible => WithWhy(ComposeTexts.EncryptedCompatible, outcome.Algorithms),
        RecipientHandling.SecureLink => outcome.Detail is { } why ? ComposeTexts.SecureLinkBecause.With(why) : ComposeTexts.SecureLink,
        RecipientHandling.SignedOnly => ComposeTexts.SignedOnly,
        RecipientHandling.NoCertificate => outcome.Detail ?? (outcome.Inside ? ComposeTexts.NoCertificateInside : ComposeTexts.NoCertificate),
        RecipientHandling.CertificateUnusable => ComposeTexts.CertificateUnusable.With(outcome.Detail),
        RecipientHandling.Malformed => ComposeTexts.Malformed,
        RecipientHandling.NotProtected => ComposeTexts.NotProtected,
        RecipientHandling.RefusedByRule => Policies.PolicyTexts.OutcomeRefused,
        RecipientHandling.EncryptionRequired => Policies.PolicyTexts.OutcomeEncryptionRequired,
        RecipientHandling.ProtectionRequired => Policies.PolicyTexts.OutcomeProtectionRequired,
        RecipientHandling.RuleUnreadable => Policies.PolicyTexts.OutcomeRuleUnreadable,
    };

    /// <summary>By what it is encrypted, and why not by something better.</summary>
    public static string WithWhy(string words, AppliedAlgorithms? algorithms) => algorithms is null
        ? words
        : string.Join(' ', [words.With($"{algorithms.Cipher}, {algorithms.KeyManagement}"), .. algorithms.Downgrades.Select(Why)]);

    private static string Why(string downgrade) => downgrade switch
    {
        "CapabilitiesUnknown" => ComposeTexts.DowngradeCapabilitiesUnknown,
        "NoAuthenticatedEncryption" => ComposeTexts.DowngradeNoAuthenticatedEncryption,
        "ShorterKey" => ComposeTexts.DowngradeShorterKey,
        "NoOaep" => ComposeTexts.DowngradeNoOaep,
        _ => ComposeTexts.DowngradeNothingSafeAnnounced,
    };

    public static string Attribute(RecipientHandling handling) => handling switch
    {
        RecipientHandling.Encrypted => "encrypted",
        RecipientHandling.EncryptedCompatible => "encrypted-compatible",
        RecipientHandling.SecureLink => "secure-link",
        RecipientHandling.SignedOnly => "signed-only",
        RecipientHandling.NoCertificate => "no-certificate",
        RecipientHandling.CertificateUnusable => "certificate-unusable",
        RecipientHandling.Malformed => "malformed",
        RecipientHandling.NotProtected => "not-protected",
        RecipientHandling.RefusedByRule => "refused-by-rule",
        RecipientHandling.EncryptionRequired => "encryption-required",
        RecipientHandling.ProtectionRequired => "protection-required",
        RecipientHandling.RuleUnreadable => "rule-unreadable",
    };

    /// <summary>Nobody reads it on its way.</summary>
    public static bool IsConfidential(RecipientHandling handling) =>
        handling is RecipientHandling.Encrypted or RecipientHandling.EncryptedCompatible or RecipientHandling.SecureLink;

    public static bool CannotBeEncrypted(RecipientHandling handling) => handling is RecipientHandling.NoCertificate or RecipientHandling.CertificateUnusable;

    /// <summary>Where recipients can be left out.</summary>
    public static bool AsksChoice(SendProblem problem) => problem is SendProblem.Unencryptable or SendProblem.RefusedByRule or SendProblem.EncryptionRequired;

    public static string Of(SendProblem problem) => problem switch
    {
        SendProblem.NoRecipient => ComposeTexts.NoRecipient,
        SendProblem.MalformedAddress => ComposeTexts.MalformedAddress,
        SendProblem.Unencryptable => ComposeTexts.Unencryptable,
        SendProblem.FileIncomplete => ComposeTexts.FileIncomplete,
        SendProblem.TooManyRecipients => ComposeTexts.TooManyRecipients,
        SendProblem.NoSuchTime => ComposeTexts.NoSuchTime,
        SendProblem.KeyUnavailable => ComposeTexts.KeyUnavailable,
        SendProblem.KeyDisabled => ComposeTexts.KeyDisabled,
        SendProblem.NoCertificate => ComposeTexts.NoOwnCertificate,
        SendProblem.NotPermitted => ComposeTexts.NotPermitted,
        SendProblem.RefusedByRule => Policies.PolicyTexts.SendRefused,
        SendProblem.EncryptionRequired => Policies.PolicyTexts.SendEncryptionRequired,
        SendProblem.ProtectionRequired => Policies.PolicyTexts.SendProtectionRequired,
        SendProblem.RuleUnreadable => Policies.PolicyTexts.SendRuleUnreadable,
        SendProblem.Unconfirmed => Policies.PolicyTexts.SendUnconfirmed,
        SendProblem.PassPhraseMissing => ComposeTexts.PassPhraseMissing,
        SendProblem.TooManyMessages => ComposeTexts.TooManyMessages,
        SendProblem.MailboxFull => ComposeTexts.MailboxFull,
        SendProblem.DomainNotProved => ComposeTexts.DomainNotProved,
    };
}
