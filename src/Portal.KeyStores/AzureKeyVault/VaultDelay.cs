using System.Net.Http.Headers;
using System.Security.Cryptography;
using Azure;
using Azure.Core;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>
/// How long a vault is left alone before it is asked again: twice as long each time, and never less than it wants itself
/// (Retry-After, Key Vault "throttling guidance"). Spread, so that all who were refused at once do not come back at once.
/// </summary>
internal sealed class VaultDelay(TimeProvider clock) : DelayStrategy(Longest, jitterFactor: 0)
{
    /// <summary>Longer nobody waits for one answer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(16);

    // Percent.
    private const int MostSpread = 20;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);

    // Timers and clocks differ by some milliseconds: early by one is early.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(20);

    protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber)
    {
        var own = TimeSpan.FromTicks(Math.Min(FirstDelay.Ticks << Math.Min(retryNumber - 1, 10), Longest.Ticks));
        var spread = 1 + (RandomNumberGenerator.GetInt32(MostSpread) / 100d);
        return (Max(own, response is null ? TimeSpan.Zero : Wanted(response, clock)) * spread) + Margin;
    }

    /// <returns>What Retry-After asks for; nothing where there is none.</returns>
    public static TimeSpan Wanted(Response response, TimeProvider clock) =>
        response.Headers.TryGetValue("Retry-After", out var value) && RetryConditionHeaderValue.TryParse(value, out var wanted)
            ? wanted.Delta ?? (wanted.Date - clock.GetUtcNow()) ?? TimeSpan.Zero
            : TimeSpan.Zero;
}
