namespace Portal.Smime.Pkix;

/// <summary>What one validation has cost. A stranger's certificates decide how much there is to try; this decides how much is tried.</summary>
internal sealed class ValidationEffort
{
    public const int LongestPath = 12;
    private const int MostSteps = 200;
    private const int MostNameComparisons = 100_000;

    private int _nameComparisons;

    /// <summary>Signatures looked at, remembered ones too.</summary>
    public int Steps { get; private set; }

    /// <summary>Signatures computed.</summary>
    public int Verifications { get; private set; }

    public bool IsExhausted { get; private set; }

    public bool TryStep()
    {
        IsExhausted |= Steps >= MostSteps;
        Steps += IsExhausted ? 0 : 1;
        return !IsExhausted;
    }

    public void CountVerification() => Verifications++;

    public bool TryCompareNames(int comparisons)
    {
        _nameComparisons += comparisons;
        return _nameComparisons <= MostNameComparisons;
    }
}
