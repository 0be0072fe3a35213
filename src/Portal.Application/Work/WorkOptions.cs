using System.ComponentModel.DataAnnotations;

namespace Portal.Application.Work;

/// <summary>How a node goes through the list of work.</summary>
internal sealed class WorkOptions
{
    public const string Section = "Portal:Work";

    /// <summary>How long a node may be silent before another takes its work over.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the list is looked at when it was empty.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Items worked on at once by one node.</summary>
    [Range(1, 64)]
    public int AtOnce { get; init; } = 4;
}
