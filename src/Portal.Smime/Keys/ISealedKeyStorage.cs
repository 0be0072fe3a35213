namespace Portal.Smime.Keys;

/// <summary>Where a software key store keeps private keys that it has sealed; what is stored is useless without its master key.</summary>
public interface ISealedKeyStorage
{
    /// <exception cref="KeyStoreException">A key of this name and version is there already, or the storage does not answer.</exception>
    Task WriteAsync(KeyReference reference, ReadOnlyMemory<byte> sealedKey, CancellationToken cancellationToken);

    /// <returns>Null when there is no such key.</returns>
    Task<ReadOnlyMemory<byte>?> ReadAsync(KeyReference reference, CancellationToken cancellationToken);

    Task DeleteAsync(KeyReference reference, CancellationToken cancellationToken);

    /// <summary>All that are there, of whichever store.</summary>
    Task<IReadOnlyList<KeyReference>> ListAsync(CancellationToken cancellationToken);
}
