using Microsoft.Extensions.DependencyInjection;
using Portal.KeyStores.Local;
using Portal.Smime.Keys;

namespace Portal.Application.Tests.Portals;

/// <summary>The real key store behind a plug that can be pulled; counts what is asked of private keys.</summary>
internal sealed class KeyStoreSwitch(IKeyStore inner) : IKeyStore
{
    private int _uses;

    public bool IsUnplugged { get; set; }

    /// <summary>Waited for before a digest is signed.</summary>
    public Func<CancellationToken, Task> Asking { get; set; } = _ => Task.CompletedTask;

    /// <summary>Done before a key is imported.</summary>
    public Action Importing { get; set; } = () => { };

    public int Uses => _uses;

    public string Name => inner.Name;

    public KeyHolding Holding => inner.Holding;

    public static void Insert(IServiceCollection services)
    {
        var real = services.First(service => service.ServiceType == typeof(IKeyStore));
        services[services.IndexOf(real)] = ServiceDescriptor.Singleton<IKeyStore>(provider => provider.GetRequiredService<KeyStoreSwitch>());
        services.AddSingleton(provider => new KeyStoreSwitch(new LocalKeyStore(
            "local", provider.GetRequiredService<IMasterKeys>(), provider.GetRequiredService<ISealedKeyStorage>(), new UsedPairs().Next)));
    }

    public Task<CreatedKey> CreateAsync(string name, KeyAlgorithm algorithm, KeyUse use, CancellationToken cancellationToken) =>
        Plugged().CreateAsync(name, algorithm, use, cancellationToken);

    public Task<CreatedKey> ImportAsync(string name, ReadOnlyMemory<byte> pkcs8, KeyUse use, CancellationToken cancellationToken)
    {
        Importing();
        return Plugged().ImportAsync(name, pkcs8, use, cancellationToken);
    }

    public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken) => Plugged().ListAsync(cancellationToken);

    public IPrivateKey Open(KeyReference reference) => new Key(this, inner.Open(reference));

    public Task<bool> SetEnabledAsync(KeyReference reference, bool enabled, CancellationToken cancellationToken) => Plugged().SetEnabledAsync(reference, enabled, cancellationToken);

    public Task<byte[]?> ExportAsync(KeyReference reference, CancellationToken cancellationToken) => Plugged().ExportAsync(reference, cancellationToken);

    public Task DestroyAsync(KeyReference reference, CancellationToken cancellationToken) => Plugged().DestroyAsync(reference, cancellationToken);

    public Task CheckAsync(CancellationToken cancellationToken) => Plugged().CheckAsync(cancellationToken);

    private IKeyStore Plugged() => IsUnplugged ? throw new KeyStoreException(KeyStoreFailure.Unavailable, "The plug is pulled.") : inner;

    private sealed class Key(KeyStoreSwitch store, IPrivateKey key) : IPrivateKey
    {
        public KeyReference Reference => key.Reference;

        public async Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken)
        {
            await store.Asking(cancellationToken);
            return await Used().SignDigestAsync(digest, scheme, cancellationToken);
        }

        public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
            Used().SignMessageAsync(message, scheme, cancellationToken);

        public Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken) =>
            Used().UnwrapKeyAsync(encryptedKey, scheme, cancellationToken);

        public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken) =>
            Used().DeriveAsync(peerPublicKey, cancellationToken);

        private IPrivateKey Used()
        {
            store.Plugged();
            Interlocked.Increment(ref store._uses);
            return key;
        }
    }
}
