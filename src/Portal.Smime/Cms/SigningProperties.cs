using Portal.Smime.Ess;

namespace Portal.Smime.Cms;

/// <summary>What every signer signs beside the content.</summary>
/// <param name="SigningTime">Within <see cref="LongestDelay"/> of the Date field; written to the second.</param>
public sealed record SigningProperties(DateTimeOffset SigningTime)
{
    /// <summary>Between the signing time and the Date field: readers do not believe in more.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromHours(24);

    public EnhancedServices Services { get; init; } = EnhancedServices.None;
}
