using Portal.Application.Quotas;

namespace Portal.Application.LargeFiles;

/// <summary>Which files of a message travel beside it.</summary>
internal static class BesideFiles
{
    /// <summary>What mail servers everywhere take.</summary>
    public const long MostInside = 25L << 20;

    /// <summary>What is too large to be inside, and then the largest, until the rest fits.</summary>
    /// <param name="lengths">Of the message's files, in bytes.</param>
    /// <param name="quota">What counts for its sender.</param>
    /// <returns>For each file, whether it is one.</returns>
    public static IReadOnlyList<bool> Of(IReadOnlyList<long> lengths, Quota quota)
    {
        var beside = new bool[lengths.Count];
        var inside = 0L;
        foreach (var (index, length) in lengths.Index().OrderBy(one => one.Item))
        {
            beside[index] = length > MostInside || inside + length > quota.MessageBytes;
            inside += beside[index] ? 0 : length;
        }

        return beside;
    }
}
