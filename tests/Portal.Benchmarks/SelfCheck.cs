namespace Portal.Benchmarks;

/// <summary>`--smoke`: whether the table says what was measured, without measuring anything.</summary>
internal static class SelfCheck
{
    public static void Run()
    {
        var list = Report.Section("list", "a machine", [new Figure("a page", 12.345, "ms", 20) { Peers = [new("bare", 6.1725), new("other", 12.345)] }, new Figure("rate", 1234.5, "/s", 2000, MoreIsBetter: true)]);
        Demand(list.Contains("| a page | 12.3 ms | ≤ 20.0 ✓ | bare | 6.17 ms | 2.00 |", StringComparison.Ordinal), list);
        Demand(list.Contains("| | | | other | 12.3 ms | 1.00 |", StringComparison.Ordinal), list);
        Demand(list.Contains("| rate | 1,234 /s | ≥ 2,000 ✗ | | | |", StringComparison.Ordinal), list);
        var both = Report.Put(Report.Put(null, "list", list), "open", Report.Section("open", "a machine", [new Figure("opened", 1, "ms")]));
        var again = Report.Put(both, "list", Report.Section("list", "another machine", [new Figure("a page", 1, "ms")]));
        Demand(again.Contains("another machine", StringComparison.Ordinal) && again.Contains("| opened |", StringComparison.Ordinal), again);
        Demand(!again.Contains("12.3", StringComparison.Ordinal) && again.Split("## list").Length == 2, again);
        Demand(Report.Put(again, "open", Report.Section("open", "a machine", [new Figure("opened", 1, "ms")])) == again, again);
        Demand(Samples.At([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95) == 10 && Samples.At([5], 0.5) == 5, "percentiles");
    }

    private static void Demand(bool condition, string said)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The table is wrong:\n{said}");
        }
    }
}
