using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Portal.Application.Work;

namespace Portal.Application.Outbox;

/// <summary>How often delivery is tried, and how long.</summary>
internal sealed class OutboxOptions
{
    public const string Section = "Portal:Outbox";

    /// <summary>After the first attempt that was deferred; doubles with each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What the doubling ends at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromHours(4);

    /// <summary>When a message comes back to its sender; RFC 5321 §4.5.4.1 asks for four to five days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "10.00:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Doubles with every attempt, within a fifth up or down, so that a recovered server is not met by all at once.</summary>
    public TimeSpan RetryAfter(int attempts) =>
        Doubling.Wait(attempts, FirstRetry, LongestRetry) * (0.8 + (RandomNumberGenerator.GetInt32(401) / 1000.0));
}
