using Portal.Application.Telemetry;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <summary>The key stores that are configured, each behind its guard. The first holds the installation's own keys.</summary>
internal sealed class ConfiguredKeyStores(IEnumerable<IKeyStore> stores, Figures figures, TimeProvider clock)
{
    private readonly List<GuardedKeyStore> _stores = stores.Select(store => new GuardedKeyStore(store, figures, clock)).ToList();

    /// <summary>The first one's first.</summary>
    public IReadOnlyList<string> Names => _stores.ConvertAll(store => store.Name);

    public IKeyStore First => _stores[0];

    /// <exception cref="KeyStoreException">It does not answer, or there is none of this name.</exception>
    public Task CheckAsync(string name, CancellationToken cancellationToken) => Of(name).CheckAsync(cancellationToken);

    /// <exception cref="KeyStoreException">There is none of this name.</exception>
    public IKeyStore Of(string name) => _stores.Find(one => one.Name == name)
        ?? throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The key store \"{name}\" is not configured.");

    /// <param name="reference">As <see cref="KeyReference.ToString"/> writes it.</param>
    /// <exception cref="KeyStoreException">Its store is not configured.</exception>
    public IPrivateKey Open(string reference) => KeyReference.TryParse(reference, out var parsed)
        ? Of(parsed.Store).Open(parsed)
        : throw new KeyStoreException(KeyStoreFailure.NotFound, $"\"{reference}\" names no key.");
}
