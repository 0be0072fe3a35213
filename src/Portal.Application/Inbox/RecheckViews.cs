using Portal.Application.Mailboxes;

namespace Portal.Application.Inbox;

/// <summary>How somebody's certificate stands now.</summary>
public enum SignerStanding
{
    /// <summary>It would do today as well.</summary>
    Good,

    Expired,
    Revoked,

    /// <summary>Nobody says anything fresh about it.</summary>
    RevocationUnknown,

    /// <summary>Its authority is not trusted, or unknown.</summary>
    Untrusted,

    /// <summary>It cannot be relied on for another reason.</summary>
    Unusable,
}

/// <param name="Name">Of the certificate; else its address.</param>
/// <param name="Path">Names of those above it, up to whom we trust.</param>
/// <param name="ListsOf">From when the lists are that said good of it, and of those above.</param>
/// <param name="AnswersOf">From when the answers are that said so.</param>
/// <param name="Now">How its certificate stands.</param>
/// <param name="RevokedAt">Since when it is revoked; null when it is not.</param>
/// <param name="NotAfter">Until when its certificate is, or was, valid.</param>
public sealed record RecheckedSigner(
    string Name,
    IReadOnlyList<string> Path,
    IReadOnlyList<DateTimeOffset> ListsOf,
    IReadOnlyList<DateTimeOffset> AnswersOf,
    SignerStanding Now,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? NotAfter);

/// <summary>A judgement then, and what it is worth now.</summary>
/// <param name="ReceivedAt">The instant that is judged.</param>
/// <param name="JudgedAt">When that was done.</param>
/// <param name="Then">What it came to.</param>
/// <param name="Again">What the same comes to now, from what was kept then and by whom the organisation trusts now.</param>
/// <param name="Signers">In the message's order.</param>
public sealed record RecheckView(
    DateTimeOffset ReceivedAt, DateTimeOffset JudgedAt, MessageVerdict Then, MessageVerdict Again, IReadOnlyList<RecheckedSigner> Signers);
