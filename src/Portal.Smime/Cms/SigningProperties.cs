using Portal.Smime.Ess;

namespace Portal.Smime.Cms;

/// <summary>What every signer signs beside the content.</summary>
/// <param name="SigningTime">Within 24 hours of the Date field; written to the second.</param>
public sealed record SigningProperties(DateTimeOffset SigningTime)
{
    public EnhancedServices Services { get; init; } = EnhancedServices.None;
}
