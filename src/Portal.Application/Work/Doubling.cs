namespace Portal.Application.Work;

/// <summary>Ever rarer attempts at what may go well any time.</summary>
internal static class Doubling
{
    private const int MostDoublings = 30;

    /// <param name="attempts">Made so far, from 1.</param>
    /// <param name="first">After the first.</param>
    /// <param name="longest">What it ends at.</param>
    public static TimeSpan Wait(int attempts, TimeSpan first, TimeSpan longest)
    {
        var doubled = first * Math.Pow(2, Math.Min(attempts - 1, MostDoublings));
        return doubled < longest ? doubled : longest;
    }
}
