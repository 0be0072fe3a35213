using System.Collections.Concurrent;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests.Local;

internal sealed class MemoryKeyStorage : ISealedKeyStorage
{
    public ConcurrentDictionary<KeyReference, SealedKey> Rows { get; } = new();

    public int Reads { get; private set; }

    /// <summary>Told after each key that was replaced.</summary>
    public Action Replaced { get; set; } = () => { };

    /// <summary>Waited for before a key is written.</summary>
    public Func<Task> Writing { get; set; } = () => Task.CompletedTask;

    public ConcurrentBag<WrappedMasterKey> MasterKeys { get; } = [];

    public async Task WriteAsync(KeyReference reference, SealedKey key, CancellationToken cancellationToken)
    {
        await Writing();
        if (!Rows.TryAdd(reference, key))
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, $"The key {reference} is there already.");
        }
    }

    public Task<SealedKey?> ReadAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Reads++;
        return Task.FromResult(Rows.GetValueOrDefault(reference));
    }

    public Task<bool> ReplaceAsync(KeyReference reference, SealedKey known, SealedKey key, CancellationToken cancellationToken)
    {
        var replaced = Rows.TryUpdate(reference, key, known);
        Replaced();
        return Task.FromResult(replaced);
    }

    public Task<IReadOnlyList<KeyReference>> ListAsync(string store, string? except, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KeyReference>>([.. Rows.Where(row => row.Key.Store == store && row.Value.MasterKey != except).Select(row => row.Key)]);

    public Task DeleteAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        Rows.TryRemove(reference, out _);
        return Task.CompletedTask;
    }

    public Task WriteMasterKeyAsync(WrappedMasterKey key, CancellationToken cancellationToken)
    {
        MasterKeys.Add(key);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<WrappedMasterKey>> ListMasterKeysAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<WrappedMasterKey>>([.. MasterKeys.OrderByDescending(one => one.CreatedAt)]);
}
