using Microsoft.Extensions.Options;
using Portal.Application.Telemetry;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <summary>The key stores that are configured, each behind its guard.</summary>
internal sealed class ConfiguredKeyStores : IKeyStores
{
    private readonly List<GuardedKeyStore> _stores;
    private readonly string _default;

    /// <exception cref="KeyStoreException">Two have one name.</exception>
    public ConfiguredKeyStores(IEnumerable<IKeyStore> stores, IOptions<KeyStoreOptions> options, Figures figures, TimeProvider clock)
    {
        _default = options.Value.Default;
        _stores = stores.Select(store => new GuardedKeyStore(store, figures, clock)).ToList();
        if (_stores.GroupBy(store => store.Name).FirstOrDefault(group => group.Count() > 1) is { Key: var name })
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, $"Two key stores are called \"{name}\": give one another name.");
        }
    }

    public IReadOnlyList<string> Names => _stores.ConvertAll(store => store.Name);

    /// <summary>Holds the installation's own keys.</summary>
    /// <exception cref="KeyStoreException">There is none of the name that is set.</exception>
    public IKeyStore Default => Of(_default);

    public string DefaultName => Default.Name;

    /// <exception cref="KeyStoreException">It does not answer, or there is none of this name.</exception>
    public Task CheckAsync(string name, CancellationToken cancellationToken) => Of(name).CheckAsync(cancellationToken);

    public IReadOnlyList<KeyStoreReport> Reports() => _stores.ConvertAll(store => store.Health.Report());

    /// <exception cref="KeyStoreException">There is none of this name.</exception>
    public IKeyStore Of(string name) => _stores.Find(one => one.Name == name)
        ?? throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The key store \"{name}\" is not configured.");

    public IKeyStore Named(string name) => Of(name);

    /// <param name="reference">As <see cref="KeyReference.ToString"/> writes it.</param>
    /// <exception cref="KeyStoreException">Its store is not configured.</exception>
    public IPrivateKey Open(string reference) => KeyReference.TryParse(reference, out var parsed)
        ? Of(parsed.Store).Open(parsed)
        : throw new KeyStoreException(KeyStoreFailure.NotFound, $"\"{reference}\" names no key.");
}
