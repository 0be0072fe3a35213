using System.ComponentModel.DataAnnotations;

namespace Portal.Application.SecureLinks;

/// <summary>How long readers stay, once they have proved who they are, and how much they write.</summary>
public sealed class SecureLinkOptions
{
    public const string Section = "Portal:SecureLinks";

    /// <summary>Without doing anything.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Even while they do something.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Bytes of all files that one reader has here and has not sent.</summary>
    [Range(typeof(long), "1000000", "1099511627776")]
    public long FileBytes { get; init; } = 2L << 30;

    /// <summary>That one reader can send in 24 hours.</summary>
    [Range(1, 100_000)]
    public int MessagesPerDay { get; init; } = 100;
}
