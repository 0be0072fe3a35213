using System.ComponentModel.DataAnnotations;

namespace Portal.Application.Accounts;

/// <summary>How long sessions last.</summary>
public sealed class LiveSessionOptions
{
    public const string Section = "Portal:Session";

    /// <summary>After this long without a click or a key the person is signed out.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "08:00:00")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>After this long everybody signs in again.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(12);
}
