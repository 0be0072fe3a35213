using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Policies;
using Portal.Application.Protection;

namespace Portal.Application.Compose;

/// <param name="Address">As it was typed, where it is no address.</param>
/// <param name="Field">Where it was typed.</param>
/// <param name="Handling">What will happen.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="Inside">A mailbox of this portal.</param>
/// <param name="Rules">Which rules decide, and which warn.</param>
/// <param name="Algorithms">Of whoever is encrypted for.</param>
public sealed record RecipientOutcome(
    string Address, RecipientField Field, RecipientHandling Handling, string? Detail, bool Inside, RuleDecision Rules, AppliedAlgorithms? Algorithms);

/// <summary>What to do about recipients who cannot be encrypted for.</summary>
public enum UnencryptableChoice
{
    Ask,
    LeaveOut,
    SendSignedOnly,
}

/// <param name="Recipients">In the order of the fields.</param>
/// <param name="MaySendSignedOnly">The organisation allows mail that is signed and not encrypted.</param>
/// <param name="MaySendUnprotected">The organisation allows mail that is neither.</param>
/// <param name="PassesOnEncrypted">It answers or forwards what came encrypted, and so stays encrypted.</param>
/// <param name="StaysInside">The sender's domain is only claimed, so nothing goes to those who are not of the organisation.</param>
/// <param name="MostRecipients">That the organisation allows.</param>
/// <param name="Readers">For whoever reads by a link.</param>
public sealed record SendPreview(
    IReadOnlyList<RecipientOutcome> Recipients, bool MaySendSignedOnly, bool MaySendUnprotected, bool PassesOnEncrypted, bool StaysInside, int MostRecipients, ReaderPolicy Readers);

public enum SendProblem
{
    NoRecipient,
    MalformedAddress,

    /// <summary>Some cannot be encrypted for, and nothing was chosen about them.</summary>
    Unencryptable,

    FileIncomplete,

    /// <summary>More than the organisation allows.</summary>
    TooManyRecipients,

    /// <summary>In the last 24 hours.</summary>
    TooManyMessages,

    /// <summary>There is no room for the Sent copy.</summary>
    MailboxFull,

    /// <summary>The sender's domain is only claimed, and somebody is not of the organisation.</summary>
    DomainNotProved,

    /// <summary>The key store does not answer.</summary>
    KeyUnavailable,

    /// <summary>An administrator has disabled the sender's signing key.</summary>
    KeyDisabled,

    /// <summary>Later, but in less than a minute or in more than a year.</summary>
    NoSuchTime,

    /// <summary>The sender has no certificate that counts.</summary>
    NoCertificate,

    /// <summary>The organisation does not allow it, or the sender may not use their key.</summary>
    NotPermitted,

    /// <summary>A rule forbids some recipients, and nothing was chosen about them.</summary>
    RefusedByRule,

    /// <summary>A rule asks for encryption, which is not possible for some, and nothing was chosen about them.</summary>
    EncryptionRequired,

    /// <summary>A rule asks for the protection that the sender has switched off.</summary>
    ProtectionRequired,

    /// <summary>A rule cannot be read.</summary>
    RuleUnreadable,

    /// <summary>Somebody reads by a link, and the phrase that the organisation asks for is missing, or too short.</summary>
    PassPhraseMissing,

    /// <summary>Rules warn, and the sender has not confirmed that.</summary>
    Unconfirmed,
}

public abstract record SendOutcome
{
    /// <summary>On its way: whatever happens now, it is not lost.</summary>
    public sealed record Accepted(StoredMessageId SentCopy) : SendOutcome;

    /// <summary>It is sent by itself at that time.</summary>
    public sealed record Scheduled(DateTimeOffset At) : SendOutcome;

    /// <summary>The key store does not answer; it is signed and sent by itself when it does.</summary>
    public sealed record Waits : SendOutcome;

    /// <summary>Nothing was sent; the draft is kept.</summary>
    /// <param name="Problem">Why.</param>
    /// <param name="Recipients">What would happen to each.</param>
    /// <param name="Unconfirmed">The warnings to be confirmed, where that is the problem.</param>
    public sealed record Refused(SendProblem Problem, IReadOnlyList<RecipientOutcome> Recipients, IReadOnlyList<DecidingRule> Unconfirmed) : SendOutcome;

    /// <summary>Sent or discarded elsewhere.</summary>
    public sealed record Gone : SendOutcome;
}
