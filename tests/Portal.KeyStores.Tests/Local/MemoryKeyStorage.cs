using System.Collections.Concurrent;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests.Local;

internal sealed class MemoryKeyStorage : ISealedKeyStorage
{
    public ConcurrentDictionary<KeyReference, byte[]> Rows { get; } = new();

    public Task WriteAsync(KeyReference reference, ReadOnlyMemory<byte> sealedKey, CancellationToken cancellationToken) =>
        Rows.TryAdd(reference, sealedKey.ToArray())
            ? Task.CompletedTask
            : throw new KeyStoreException(KeyStoreFailure.Refused, $"The key {reference} is there already.");

    public Task<ReadOnlyMemory<byte>?> ReadAsync(KeyReference reference, CancellationToken cancellationToken) =>
        Task.FromResult(Rows.TryGetValue(reference, out var row) ? row : default(ReadOnlyMemory<byte>?));

    public Task<IReadOnlyList<KeyReference>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<KeyReference>>([.. Rows.Keys]);

    public Task DeleteAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        Rows.TryRemove(reference, out _);
        return Task.CompletedTask;
    }
}
