using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Portal.Smime.Pkix;

/// <summary>
/// Keys of authorities, imported once: that takes several times as long as a verification. Each is lent to one verification at
/// a time, because .NET does not promise that two may share it. Two generations, as in <see cref="VerificationMemory"/>.
/// </summary>
/// <param name="capacity">Keys of one generation.</param>
internal sealed class ImportedKeys(int capacity)
{
    private ConcurrentDictionary<ContentHash, ConcurrentBag<AsymmetricAlgorithm>> _recent = new();
    private ConcurrentDictionary<ContentHash, ConcurrentBag<AsymmetricAlgorithm>> _older = new();
    private int _count;

    public static ImportedKeys Shared { get; } = new(512);

    /// <param name="key">Of the SubjectPublicKeyInfo.</param>
    /// <returns>Null when none is free; then import one.</returns>
    public AsymmetricAlgorithm? Take(ContentHash key) =>
        (_recent.TryGetValue(key, out var bag) && bag.TryTake(out var imported)) || (_older.TryGetValue(key, out bag) && bag.TryTake(out imported))
            ? imported
            : null;

    public void Return(ContentHash key, AsymmetricAlgorithm imported)
    {
        if (!_recent.TryGetValue(key, out var bag))
        {
            bag = _recent.GetOrAdd(key, []);
            Count();
        }

        if (bag.Count < Environment.ProcessorCount)
        {
            bag.Add(imported);
        }
        else
        {
            imported.Dispose();
        }
    }

    // What is dropped is freed by its finalizer.
    private void Count()
    {
        if (Interlocked.Increment(ref _count) < capacity)
        {
            return;
        }

        _count = 0;
        _older = _recent;
        _recent = new();
    }
}
