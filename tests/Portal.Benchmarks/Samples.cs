using System.Diagnostics;

namespace Portal.Benchmarks;

/// <summary>How long something took, many times.</summary>
internal sealed class Samples(IReadOnlyList<double> milliseconds)
{
    private readonly List<double> _sorted = [.. milliseconds.Order()];

    public double Median => At(_sorted, 0.5);

    public double P95 => At(_sorted, 0.95);

    /// <summary>The smallest value that this share of all does not exceed.</summary>
    public static double At(IReadOnlyList<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    /// <summary>So many clients at once, each so many times; what happens before the first tenth is over does not count.</summary>
    public static async Task<Samples> TakeAsync(int clients, int times, Func<int, Task> act)
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var mine = new List<double>(times);
            for (var i = -Math.Max(5, times / 10); i < times; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await act((client * 7919) + Math.Abs(i));
                if (i >= 0)
                {
                    mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }

            return mine;
        })));
        return new Samples(taken.SelectMany(one => one).ToList());
    }
}
