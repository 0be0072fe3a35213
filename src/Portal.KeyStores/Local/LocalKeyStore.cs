using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <summary>
/// Software keys, sealed under a master key wherever they are stored. Nothing unsealed is kept between two computations,
/// so that a destroyed key is gone at once in every process.
/// </summary>
public sealed class LocalKeyStore : IKeyStore, IMasterKeyRotation
{
    private const string OnlyVersion = "1";

    /// <summary>Of sealing anew, before it is no renewal that comes in between but another configuration.</summary>
    private const int MostRounds = 10;

    private readonly IMasterKeys _masters;
    private readonly ISealedKeyStorage _storage;
    private readonly Func<KeyAlgorithm, AsymmetricAlgorithm> _newPair;

    /// <param name="name">1 to 127 characters of [0-9A-Za-z-].</param>
    /// <param name="master">Stays the caller's to dispose, after the store's last use.</param>
    /// <param name="storage">Receives sealed keys.</param>
    public LocalKeyStore(string name, MasterKey master, ISealedKeyStorage storage)
        : this(name, new OnlyMasterKey(() => master), storage)
    {
    }

    /// <param name="name">1 to 127 characters of [0-9A-Za-z-].</param>
    /// <param name="masters">Asked when a key is sealed or unsealed: until then, no master key is made where there is none.</param>
    /// <param name="storage">Receives sealed keys.</param>
    /// <param name="newPair">Instead of a fresh pair: tests, which would spend half their time on RSA primes.</param>
    internal LocalKeyStore(string name, IMasterKeys masters, ISealedKeyStorage storage, Func<KeyAlgorithm, AsymmetricAlgorithm>? newPair = null)
    {
        KeyNames.Demand(name);
        Name = name;
        _masters = masters;
        _storage = storage;
        _newPair = newPair ?? SoftwareKey.NewPair;
    }

    public string Name { get; }

    public KeyHolding Holding => _masters.Holding;

    public async Task<CreatedKey> CreateAsync(string name, KeyAlgorithm algorithm, KeyUse use, CancellationToken cancellationToken)
    {
        KeyNames.Demand(name);
        var reference = new KeyReference(Name, name, OnlyVersion);
        using var pair = _newPair(algorithm);
        using var key = new UnsealedKey(algorithm, use, pair.ExportPkcs8PrivateKey());
        await WriteAsync(reference, key, cancellationToken);
        return new CreatedKey(reference, pair.ExportSubjectPublicKeyInfo());
    }

    public async Task<CreatedKey> ImportAsync(string name, ReadOnlyMemory<byte> pkcs8, KeyUse use, CancellationToken cancellationToken)
    {
        KeyNames.Demand(name);
        using var pair = ImportedPair.Read(pkcs8.Span);
        var reference = new KeyReference(Name, name, OnlyVersion);
        using var key = new UnsealedKey(pair.Algorithm, use, pair.Pair.ExportPkcs8PrivateKey());
        await WriteAsync(reference, key, cancellationToken);
        return new CreatedKey(reference, pair.Pair.ExportSubjectPublicKeyInfo());
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var reference in await _storage.ListAsync(Name, except: null, cancellationToken))
        {
            yield return reference.Name;
        }
    }

    public IPrivateKey Open(KeyReference reference)
    {
        KeyNames.DemandIn(Name, reference);
        return new LocalPrivateKey(reference, _masters, _storage);
    }

    public Task<bool> SetEnabledAsync(KeyReference reference, bool enabled, CancellationToken cancellationToken) => Task.FromResult(false);

    public async Task<byte[]?> ExportAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        KeyNames.DemandIn(Name, reference);
        var sealedKey = await _storage.ReadAsync(reference, cancellationToken) ?? throw new KeyStoreException(KeyStoreFailure.NotFound, $"There is no key {reference}.");
        using var key = KeySeal.Unseal(await _masters.HolderOfAsync(reference, sealedKey, cancellationToken), reference, sealedKey);
        return key.Pkcs8.ToArray();
    }

    public async Task DestroyAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        KeyNames.DemandIn(Name, reference);
        await _storage.DeleteAsync(reference, cancellationToken);
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        _ = await _storage.ReadAsync(new KeyReference(Name, "check", OnlyVersion), cancellationToken);
        await _masters.CheckAsync(cancellationToken);
    }

    public async Task<string> RenewMasterKeyAsync(CancellationToken cancellationToken) => (await _masters.RenewAsync(cancellationToken)).Fingerprint;

    public async Task<bool> HasMasterKeyAsync(string fingerprint, CancellationToken cancellationToken) =>
        await _masters.FindAsync(fingerprint, cancellationToken) is not null;

    public async Task<Resealing> ResealAsync(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var done = 0;
        for (var round = 0; round < MostRounds; round++)
        {
            // Whoever renews it meanwhile has this one look again.
            var master = await _masters.CurrentAsync(cancellationToken);
            var others = await _storage.ListAsync(Name, except: master.Fingerprint, cancellationToken);
            if (others.Count == 0)
            {
                return new Resealing(done, master.Fingerprint);
            }

            foreach (var reference in others)
            {
                done += await ResealAsync(reference, master, cancellationToken) ? 1 : 0;
                progress?.Report(done);
            }
        }

        throw new KeyStoreException(KeyStoreFailure.Unavailable, "Somebody else goes on sealing keys under another master key: do all nodes have the same one?");
    }

    private async Task WriteAsync(KeyReference reference, UnsealedKey key, CancellationToken cancellationToken)
    {
        var master = await _masters.CurrentAsync(cancellationToken);
        await _storage.WriteAsync(reference, KeySeal.Seal(master, reference, key), cancellationToken);

        // Renewed in between, and whoever seals all anew may have listed them before this one was there.
        var current = await _masters.CurrentAsync(cancellationToken);
        if (current.Fingerprint != master.Fingerprint)
        {
            await ResealAsync(reference, current, cancellationToken);
        }
    }

    /// <returns>False when it was destroyed meanwhile, or sealed anew by somebody else: both are well.</returns>
    private async Task<bool> ResealAsync(KeyReference reference, MasterKey master, CancellationToken cancellationToken)
    {
        if (await _storage.ReadAsync(reference, cancellationToken) is not { } former || former.MasterKey == master.Fingerprint)
        {
            return false;
        }

        using var key = KeySeal.Unseal(await _masters.HolderOfAsync(reference, former, cancellationToken), reference, former);
        return await _storage.ReplaceAsync(reference, former, KeySeal.Seal(master, reference, key), cancellationToken);
    }
}
