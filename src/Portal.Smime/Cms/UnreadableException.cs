namespace Portal.Smime.Cms;

internal enum Unreadable
{
    Malformed,
    TooLarge,
    TooDeep,
    UnsupportedAlgorithm,
    ContentMissing,
}

/// <summary>
/// Ends a pull parse from any depth. It never leaves the engine: the openers of layers catch it and answer with an outcome.
/// </summary>
internal sealed class UnreadableException(Unreadable reason, string detail) : Exception(detail)
{
    public Unreadable Reason { get; } = reason;

    /// <summary>Names a structure, a limit or an object identifier; never content.</summary>
    public string Detail { get; } = detail;

    public static UnreadableException Malformed(string detail) => new(Unreadable.Malformed, detail);

    public static UnreadableException TooLarge(string detail) => new(Unreadable.TooLarge, detail);
}
