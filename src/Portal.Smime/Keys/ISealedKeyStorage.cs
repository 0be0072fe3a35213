namespace Portal.Smime.Keys;

/// <summary>Where a software key store keeps what it has sealed; what is stored is useless without its master keys.</summary>
/// <remarks>Every member throws <see cref="KeyStoreException"/> when the storage does not answer.</remarks>
public interface ISealedKeyStorage
{
    /// <exception cref="KeyStoreException">A key of this name and version is there already.</exception>
    Task WriteAsync(KeyReference reference, SealedKey key, CancellationToken cancellationToken);

    /// <returns>Null when there is no such key.</returns>
    Task<SealedKey?> ReadAsync(KeyReference reference, CancellationToken cancellationToken);

    /// <returns>False when what is stored is not <paramref name="known"/> any more.</returns>
    Task<bool> ReplaceAsync(KeyReference reference, SealedKey known, SealedKey key, CancellationToken cancellationToken);

    Task DeleteAsync(KeyReference reference, CancellationToken cancellationToken);

    /// <summary>All keys of one store.</summary>
    /// <param name="store">Its name.</param>
    /// <param name="except">Leaves those out that are sealed under this master key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<KeyReference>> ListAsync(string store, string? except, CancellationToken cancellationToken);

    Task WriteMasterKeyAsync(WrappedMasterKey key, CancellationToken cancellationToken);

    /// <returns>The newest first.</returns>
    Task<IReadOnlyList<WrappedMasterKey>> ListMasterKeysAsync(CancellationToken cancellationToken);
}

/// <param name="MasterKey">Fingerprint of the master key that it is sealed under.</param>
/// <param name="Bytes">Form, use, ciphertext.</param>
public sealed record SealedKey(string MasterKey, ReadOnlyMemory<byte> Bytes);

/// <param name="Fingerprint">Of the master key.</param>
/// <param name="WrappedBy">The RSA key, in another store, that unwraps it.</param>
/// <param name="Wrapped">RSA-OAEP with SHA-256 over 32 bytes.</param>
/// <param name="CreatedAt">The newest one seals.</param>
public sealed record WrappedMasterKey(string Fingerprint, KeyReference WrappedBy, ReadOnlyMemory<byte> Wrapped, DateTimeOffset CreatedAt);
