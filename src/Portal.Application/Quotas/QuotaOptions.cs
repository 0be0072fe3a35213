using System.ComponentModel.DataAnnotations;

namespace Portal.Application.Quotas;

/// <summary>The most that any organisation of this installation may have; an organisation may choose less.</summary>
internal sealed class QuotaOptions
{
    public const string Section = "Portal:Limits";

    /// <summary>People who can sign in.</summary>
    [Range(1, 1_000_000)]
    public int People { get; init; } = 10_000;

    /// <summary>Bytes that each mailbox may hold.</summary>
    [Range(typeof(long), "1000000", "1125899906842624")]
    public long MailboxBytes { get; init; } = 50L << 30;

    /// <summary>Bytes that all mailboxes together may hold.</summary>
    [Range(typeof(long), "1000000", "1125899906842624")]
    public long TotalBytes { get; init; } = 5L << 40;

    /// <summary>Bytes of the attachments of one message, but for what travels beside it; an organisation that chooses nothing has 25 MB.</summary>
    // In two layers of base64, more than the most is more than a reader opens.
    [Range(typeof(long), "1000000", "268435456")]
    public long MessageBytes { get; init; } = 150L << 20;

    /// <summary>Bytes of one file that travels beside its message.</summary>
    [Range(typeof(long), "26214400", "1099511627776")]
    public long FileBytes { get; init; } = 5L << 30;

    /// <summary>Recipients of one message.</summary>
    [Range(1, 500)]
    public int Recipients { get; init; } = 500;

    /// <summary>Messages that one person may send in 24 hours.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerDay { get; init; } = 2_000;
}
