using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Portal.Web.Accounts;

/// <summary>Attempts per network address and per account that is tried; both must have room. What everybody shared, anybody could use up.</summary>
internal sealed class SignInLimits(IOptions<SignInLimitOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> networks = Limiter(options.Value.AttemptsPerNetwork, TimeSpan.FromMinutes(1));
    private readonly PartitionedRateLimiter<string> accounts = Limiter(options.Value.AttemptsPerAccount, TimeSpan.FromMinutes(5));

    /// <param name="context">Where from.</param>
    /// <param name="account">What is tried, an account or a link; null where it is not known before the answer.</param>
    public bool MayTry(HttpContext context, string? account)
    {
        using var byNetwork = networks.AttemptAcquire(context.Connection.RemoteIpAddress?.ToString() ?? "");
        if (account is null || !byNetwork.IsAcquired)
        {
            return byNetwork.IsAcquired;
        }

        using var byAccount = accounts.AttemptAcquire(Key(account));
        return byAccount.IsAcquired;
    }

    /// <returns>Null where there is room; or else what to say, and the answer's status says it too (RFC 6585 §4).</returns>
    public string? Refusal(HttpContext context, string? account)
    {
        if (MayTry(context, account))
        {
            return null;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return AccountTexts.TooManyAttempts;
    }

    public void Dispose()
    {
        networks.Dispose();
        accounts.Dispose();
    }

    /// <summary>Of fixed length, so that long names take no memory.</summary>
    private static string Key(string account) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(account.Trim().ToUpperInvariant())));

    private static PartitionedRateLimiter<string> Limiter(int attempts, TimeSpan window) =>
        PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetSlidingWindowLimiter(
            key,
            _ => new SlidingWindowRateLimiterOptions { PermitLimit = attempts, Window = window, SegmentsPerWindow = 6, QueueLimit = 0 }));
}
