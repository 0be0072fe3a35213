namespace Portal.Smime.Tests.Support;

/// <summary>What work really holds: the managed bytes that survive a full collection, looked at while it runs.</summary>
internal static class LiveMemory
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <returns>Bytes above what was held before.</returns>
    public static async Task<long> PeakAsync(Func<Task> work)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = before;
        var running = Task.Run(work);
        while (await Task.WhenAny(running, Task.Delay(Interval)) != running)
        {
            GC.Collect();
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
        }

        await running;
        return peak - before;
    }
}
