using Portal.Application.Compose;
using Portal.Application.Protection;

namespace Portal.Web.Compose;

/// <summary>What will happen to a message, recipient by recipient, and why it was not sent.</summary>
internal static class OutcomeWords
{
    public static string Of(RecipientOutcome outcome) => outcome.Handling switch
    {
        RecipientHandling.Encrypted => outcome.Inside
            ? "Signed and encrypted, inside this portal."
            : "Signed and encrypted (AES-256-GCM).",
        RecipientHandling.EncryptedCompatible => "Signed and encrypted in the older form (AES-256-CBC), because we do not know what their software can read.",
        RecipientHandling.SignedOnly => "Signed, but readable on its way.",
        RecipientHandling.NoCertificate => outcome.Inside
            ? "Has no certificate yet, so mail cannot be encrypted."
            : "We know no certificate of theirs, so mail cannot be encrypted. If they use S/MIME, a signed message from them brings one.",
        RecipientHandling.CertificateUnusable => $"Their certificate cannot be used. {outcome.Detail}",
        RecipientHandling.Malformed => "This is not a mail address.",
        RecipientHandling.NotProtected => "Neither signed nor encrypted: readable and changeable on its way.",
    };

    public static string Attribute(RecipientHandling handling) => handling switch
    {
        RecipientHandling.Encrypted => "encrypted",
        RecipientHandling.EncryptedCompatible => "encrypted-compatible",
        RecipientHandling.SignedOnly => "signed-only",
        RecipientHandling.NoCertificate => "no-certificate",
        RecipientHandling.CertificateUnusable => "certificate-unusable",
        RecipientHandling.Malformed => "malformed",
        RecipientHandling.NotProtected => "not-protected",
    };

    public static bool IsEncrypted(RecipientHandling handling) => handling is RecipientHandling.Encrypted or RecipientHandling.EncryptedCompatible;

    public static bool CannotBeEncrypted(RecipientHandling handling) => handling is RecipientHandling.NoCertificate or RecipientHandling.CertificateUnusable;

    public static string Of(SendProblem problem) => problem switch
    {
        SendProblem.NoRecipient => "Say whom it goes to.",
        SendProblem.MalformedAddress => "One of the addresses is not a mail address. It is marked below.",
        SendProblem.Unencryptable => "Some recipients cannot be encrypted for. Choose below what to do about them.",
        SendProblem.TooLarge => "The attachments are too large together. What your organisation allows stands beside them.",
        SendProblem.TooManyRecipients => "That are more recipients than your organisation allows. Nothing was sent; send it in parts.",
        SendProblem.TooManyMessages => "You have sent as many messages today as your organisation allows. The draft is kept; send it tomorrow.",
        SendProblem.MailboxFull => "Your mailbox is full, so no copy of this message could be kept. Delete something, or ask your administrator for more room.",
        SendProblem.DomainNotProved => "Your domain is not proved yet, so mail from it goes only to people of your own organisation. The draft is kept; your administrator finds out more on the organisation page.",
        SendProblem.KeyUnavailable => "The key store does not answer, so the message cannot be signed now. The draft is kept; try again in a moment.",
        SendProblem.NotPermitted => "Your organisation does not allow to send it like this. What came encrypted is answered and forwarded encrypted only.",
    };
}
