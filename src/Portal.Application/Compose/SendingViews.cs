using Portal.Application.Mailboxes;
using Portal.Application.Protection;

namespace Portal.Application.Compose;

/// <param name="Address">As it was typed, where it is no address.</param>
/// <param name="Field">Where it was typed.</param>
/// <param name="Handling">What will happen.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="Inside">A mailbox of this portal.</param>
public sealed record RecipientOutcome(string Address, RecipientField Field, RecipientHandling Handling, string? Detail, bool Inside);

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
public sealed record SendPreview(
    IReadOnlyList<RecipientOutcome> Recipients, bool MaySendSignedOnly, bool MaySendUnprotected, bool PassesOnEncrypted, bool StaysInside, int MostRecipients);

public enum SendProblem
{
    NoRecipient,
    MalformedAddress,

    /// <summary>Some cannot be encrypted for, and nothing was chosen about them.</summary>
    Unencryptable,

    TooLarge,

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

    /// <summary>The organisation does not allow it, or the sender has no certificate.</summary>
    NotPermitted,
}

public abstract record SendOutcome
{
    /// <summary>On its way: whatever happens now, it is not lost.</summary>
    public sealed record Accepted(StoredMessageId SentCopy) : SendOutcome;

    /// <summary>Nothing was sent; the draft is kept.</summary>
    public sealed record Refused(SendProblem Problem, IReadOnlyList<RecipientOutcome> Recipients) : SendOutcome;

    /// <summary>Sent or discarded elsewhere.</summary>
    public sealed record Gone : SendOutcome;
}
