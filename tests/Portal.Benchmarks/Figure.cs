namespace Portal.Benchmarks;

/// <summary>One line of the table.</summary>
/// <param name="What">In words.</param>
/// <param name="Value">Measured.</param>
/// <param name="Unit">Of the value, the target and the peer's value.</param>
/// <param name="Target">What it has to reach; null where nothing is set.</param>
/// <param name="Peer">Measured beside it, in the same run; null where there is none.</param>
/// <param name="MoreIsBetter">Rates; otherwise less is.</param>
internal sealed record Figure(string What, double Value, string Unit, double? Target = null, PeerFigure? Peer = null, bool MoreIsBetter = false)
{
    public bool? IsReached => Target is { } target ? (MoreIsBetter ? Value >= target : Value <= target) : null;

    /// <summary>Ours to the peer's: 2 is twice as much, whichever is better.</summary>
    public double? Ratio => Peer is { Value: > 0 } peer ? Value / peer.Value : null;
}

internal sealed record PeerFigure(string Name, double Value);
