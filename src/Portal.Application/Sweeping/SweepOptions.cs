using System.ComponentModel.DataAnnotations;

namespace Portal.Application.Sweeping;

/// <summary>When what nothing refers to, or nobody needs any more, is removed.</summary>
internal sealed class SweepOptions
{
    public const string Section = "Portal:Sweeping";

    /// <summary>How often each organisation is swept.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How old stored bytes have to be before nothing referring to them means that nothing will.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long it is known from where somebody was signed in, after the session's end.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepSessions { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long links that were used, withdrawn or too old are kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepLinks { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long the bytes that travelled are kept after the last recipient's outcome; the Sent copy and the outcomes stay.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepSentContent { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a message for readers outside, or a file beside a message, can still be prolonged after it can be read no more; then only what became of it stays.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepExpiredMessages { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a file that did not come to its end waits for the rest.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepUnfinishedFiles { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long what readers outside have not sent is kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepReaderDrafts { get; init; } = TimeSpan.FromDays(30);
}
