using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Portal.Smime.Pkix;

/// <summary>A memory that stays bounded and keeps what is used: what has not been asked for while one generation filled up is forgotten.</summary>
/// <param name="capacity">Of one generation.</param>
internal sealed class TwoGenerations<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private ConcurrentDictionary<TKey, TValue> _recent = new();
    private ConcurrentDictionary<TKey, TValue> _older = new();
    private int _count;

    public int Count => _recent.Count + _older.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_recent.TryGetValue(key, out value))
        {
            return true;
        }

        if (!_older.TryGetValue(key, out value))
        {
            return false;
        }

        value = Keep(key, value);
        return true;
    }

    /// <returns>What is there already, or this.</returns>
    public TValue Keep(TKey key, TValue value)
    {
        var recent = _recent;
        if (!recent.TryAdd(key, value))
        {
            return recent.GetValueOrDefault(key) ?? value;
        }

        if (Interlocked.Increment(ref _count) >= capacity)
        {
            // Two threads may do this at once; then something is forgotten that need not be.
            _count = 0;
            _older = _recent;
            _recent = new();
        }

        return value;
    }
}
