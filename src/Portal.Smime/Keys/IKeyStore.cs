namespace Portal.Smime.Keys;

public enum KeyHoldingKind
{
    /// <summary>Software keys, sealed under a master key that the portal has.</summary>
    Software,

    /// <summary>Software keys, sealed under a master key that a key in another store unwraps.</summary>
    SoftwareSealedByOther,

    /// <summary>A PKCS#11 token: keys do not leave it.</summary>
    Token,

    /// <summary>A key vault or managed HSM: keys do not leave it.</summary>
    Vault,
}

/// <summary>How a store holds its keys: what people are told of it has to be true.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="SealedBy">The other store's name.</param>
public readonly record struct KeyHolding(KeyHoldingKind Kind, string? SealedBy = null);

/// <summary>Whoever really holds private keys: a vault, a token, or software sealed under a master key.</summary>
/// <remarks>Every member throws <see cref="KeyStoreException"/> when the store cannot or will not answer.</remarks>
public interface IKeyStore
{
    /// <summary>The configured name that <see cref="KeyReference.Store"/> carries.</summary>
    string Name { get; }

    KeyHolding Holding { get; }

    /// <param name="name">1 to 127 characters of [0-9A-Za-z-], not used before.</param>
    /// <param name="algorithm">Kind and size.</param>
    /// <param name="use">The one thing that the key may ever do.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<CreatedKey> CreateAsync(string name, KeyAlgorithm algorithm, KeyUse use, CancellationToken cancellationToken);

    /// <summary>Puts a pair that was made elsewhere into the store.</summary>
    /// <param name="name">As for <see cref="CreateAsync"/>.</param>
    /// <param name="pkcs8">PrivateKeyInfo (RFC 5958) of RSA or an elliptic curve; the caller zeroes it.</param>
    /// <param name="use">The one thing that the key may ever do from now on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<CreatedKey> ImportAsync(string name, ReadOnlyMemory<byte> pkcs8, KeyUse use, CancellationToken cancellationToken);

    /// <summary>Names of all keys in the store, in no order.</summary>
    IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken);

    /// <summary>No call to the store is made before the key computes something.</summary>
    IPrivateKey Open(KeyReference reference);

    /// <summary>Turns the store's own switch of a key, where it has one: what is off computes nothing.</summary>
    /// <returns>False where there is none, and only whoever asks can forbid the key.</returns>
    Task<bool> SetEnabledAsync(KeyReference reference, bool enabled, CancellationToken cancellationToken);

    /// <returns>PrivateKeyInfo (RFC 5958), for the caller to zero; null where keys do not leave the store.</returns>
    Task<byte[]?> ExportAsync(KeyReference reference, CancellationToken cancellationToken);

    Task DestroyAsync(KeyReference reference, CancellationToken cancellationToken);

    /// <summary>Proves that the store answers; throws when it does not.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}
