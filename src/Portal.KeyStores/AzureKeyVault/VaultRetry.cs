using Azure.Core;
using Azure.Core.Pipeline;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>Tries again soon, or not at all: whoever asks does not wait for as long as a vault may want to be left alone.</summary>
internal sealed class VaultRetry(int most, TimeProvider clock) : RetryPolicy(most, new VaultDelay(clock))
{
    private long _notBefore;

    /// <summary>Until then the vault wants no request.</summary>
    public DateTimeOffset NotBefore => new(Interlocked.Read(ref _notBefore), TimeSpan.Zero);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => base.ShouldRetry(message, exception) && IsSoon(message);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) => await base.ShouldRetryAsync(message, exception) && IsSoon(message);

    private bool IsSoon(HttpMessage message)
    {
        var wanted = message.HasResponse ? VaultDelay.Wanted(message.Response, clock) : TimeSpan.Zero;
        if (wanted <= VaultDelay.Longest)
        {
            return true;
        }

        Interlocked.Exchange(ref _notBefore, (clock.GetUtcNow() + wanted).UtcTicks);
        return false;
    }
}
