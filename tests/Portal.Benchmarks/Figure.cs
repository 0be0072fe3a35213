namespace Portal.Benchmarks;

/// <summary>One line of the table.</summary>
/// <param name="What">In words.</param>
/// <param name="Value">Measured.</param>
/// <param name="Unit">Of the value, the target and the peer's value.</param>
/// <param name="Target">What it has to reach; null where nothing is set.</param>
/// <param name="MoreIsBetter">Rates; otherwise less is.</param>
internal sealed record Figure(string What, double Value, string Unit, double? Target = null, bool MoreIsBetter = false)
{
    public bool? IsReached => Target is { } target ? (MoreIsBetter ? Value >= target : Value <= target) : null;

    /// <summary>Measured beside it, in the same run.</summary>
    public IReadOnlyList<PeerFigure> Peers { get; init; } = [];
}

internal sealed record PeerFigure(string Name, double Value);
