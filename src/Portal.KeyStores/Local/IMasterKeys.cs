using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <summary>The master keys: one seals, older ones open what was sealed under them. They stay their holder's to dispose.</summary>
/// <remarks>Every member throws <see cref="KeyStoreException"/> when their place cannot be used.</remarks>
internal interface IMasterKeys
{
    /// <summary>Of what they seal.</summary>
    KeyHolding Holding { get; }

    /// <summary>The one that seals now; made when there is none.</summary>
    ValueTask<MasterKey> CurrentAsync(CancellationToken cancellationToken);

    /// <returns>Null when it is not here.</returns>
    ValueTask<MasterKey?> FindAsync(string fingerprint, CancellationToken cancellationToken);

    /// <summary>Another one that seals from now on.</summary>
    ValueTask<MasterKey> RenewAsync(CancellationToken cancellationToken);

    /// <summary>Throws where the one that seals now cannot be used; makes none.</summary>
    ValueTask CheckAsync(CancellationToken cancellationToken);
}

internal static class MasterKeyLookup
{
    /// <exception cref="KeyStoreException">It is not here, which an operator mends: nothing is lost by waiting.</exception>
    public static async ValueTask<MasterKey> HolderOfAsync(this IMasterKeys masters, KeyReference reference, SealedKey key, CancellationToken cancellationToken) =>
        await masters.FindAsync(key.MasterKey, cancellationToken)
        ?? throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The key {reference} is sealed under the master key {key.MasterKey}, which is not here.");
}
