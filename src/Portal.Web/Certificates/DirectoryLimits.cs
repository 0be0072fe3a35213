using System.Threading.RateLimiting;

namespace Portal.Web.Certificates;

/// <summary>Look-ups from one network address: whoever collects addresses is slow.</summary>
internal sealed class DirectoryLimits : IDisposable
{
    private const int LookUpsAMinute = 60;

    private readonly PartitionedRateLimiter<string> _networks = PartitionedRateLimiter.Create<string, string>(network => RateLimitPartition.GetSlidingWindowLimiter(
        network, _ => new SlidingWindowRateLimiterOptions { PermitLimit = LookUpsAMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 }));

    public bool MayAsk(HttpContext context)
    {
        using var lease = _networks.AttemptAcquire(context.Connection.RemoteIpAddress?.ToString() ?? string.Empty);
        return lease.IsAcquired;
    }

    public void Dispose() => _networks.Dispose();
}
