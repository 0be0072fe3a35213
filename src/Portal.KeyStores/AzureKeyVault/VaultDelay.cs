using System.Net.Http.Headers;
using System.Security.Cryptography;
using Azure;
using Azure.Core;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>
/// How long a vault is left alone before it is asked again: twice as long each time, and never less than it wants itself
/// (Retry-After, Key Vault "throttling guidance"). Spread, so that all who were refused at once do not come back at once.
/// </summary>
internal sealed class VaultDelay(TimeProvider clock) : DelayStrategy(LongestDelay, jitterFactor: 0)
{
    // Percent.
    private const int MostSpread = 20;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(16);

    // Timers and clocks differ by some milliseconds: early by one is early.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(20);

    protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber)
    {
        var own = TimeSpan.FromTicks(Math.Min(FirstDelay.Ticks << Math.Min(retryNumber - 1, 10), LongestDelay.Ticks));
        var spread = 1 + (RandomNumberGenerator.GetInt32(MostSpread) / 100d);
        return (Max(own, Wanted(response)) * spread) + Margin;
    }

    private TimeSpan Wanted(Response? response) =>
        response?.Headers.TryGetValue("Retry-After", out var value) == true && RetryConditionHeaderValue.TryParse(value, out var wanted)
            ? wanted.Delta ?? (wanted.Date - clock.GetUtcNow()) ?? TimeSpan.Zero
            : TimeSpan.Zero;
}
