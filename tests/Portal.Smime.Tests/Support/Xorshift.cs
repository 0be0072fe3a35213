namespace Portal.Smime.Tests.Support;

/// <summary>Marsaglia's xorshift64: the same numbers in every run.</summary>
internal sealed class Xorshift(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return _state;
    }

    /// <returns>0 to limit - 1.</returns>
    public int Below(int limit) => (int)(Next() % (ulong)limit);
}
