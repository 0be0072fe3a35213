using System.Collections.Concurrent;

namespace Portal.Smime.Pkix;

/// <summary>
/// Which structures have verified with which keys: authorities' certificates, revocation lists, OCSP responses. What did not
/// verify is not remembered. Two generations, so that the memory stays bounded and what is used stays in it.
/// </summary>
/// <param name="capacity">Of one generation.</param>
internal sealed class VerificationMemory(int capacity)
{
    private ConcurrentDictionary<(ContentHash Structure, ContentHash Key), bool> _recent = new();
    private ConcurrentDictionary<(ContentHash Structure, ContentHash Key), bool> _older = new();
    private int _count;

    public static VerificationMemory Shared { get; } = new(4096);

    public int Count => _recent.Count + _older.Count;

    /// <param name="structure">Of the whole encoding, signature included.</param>
    /// <param name="key">Of the SubjectPublicKeyInfo.</param>
    public bool Holds(ContentHash structure, ContentHash key)
    {
        if (_recent.ContainsKey((structure, key)))
        {
            return true;
        }

        if (!_older.ContainsKey((structure, key)))
        {
            return false;
        }

        Remember(structure, key);
        return true;
    }

    public void Remember(ContentHash structure, ContentHash key)
    {
        if (!_recent.TryAdd((structure, key), true) || Interlocked.Increment(ref _count) < capacity)
        {
            return;
        }

        // Two threads may do this at once; then something is forgotten that need not be.
        _count = 0;
        _older = _recent;
        _recent = new();
    }
}
