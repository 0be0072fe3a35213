using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Portal.Smime.Keys;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>Keys in Azure Key Vault or a managed HSM. Curves only sign there; a decryption key is RSA.</summary>
internal sealed class AzureKeyVaultKeyStore : IKeyStore, IDisposable
{
    private readonly VaultConnection _connection;
    private readonly bool _hardware;

    /// <param name="name">1 to 127 characters of [0-9A-Za-z-].</param>
    /// <param name="options">Nothing is asked before the first use.</param>
    /// <param name="clock">For the age of tokens.</param>
    public AzureKeyVaultKeyStore(string name, AzureKeyVaultOptions options, TimeProvider clock)
    {
        KeyNames.Demand(name);
        Name = name;
        _connection = new VaultConnection(options, clock);
        _hardware = options.Hardware;
    }

    public string Name { get; }

    public KeyHolding Holding => new(KeyHoldingKind.Vault);

    public async Task<CreatedKey> CreateAsync(string name, KeyAlgorithm algorithm, KeyUse use, CancellationToken cancellationToken)
    {
        KeyNames.Demand(name);
        var isRsa = algorithm is KeyAlgorithm.Rsa2048 or KeyAlgorithm.Rsa3072 or KeyAlgorithm.Rsa4096;
        if (use == KeyUse.Decrypt && !isRsa)
        {
            throw CurvesOnlySign();
        }

        await DemandNewAsync(name, cancellationToken);
        var parameters = new JsonObject
        {
            ["kty"] = (isRsa ? "RSA" : "EC") + (_hardware ? "-HSM" : string.Empty),
            ["key_ops"] = Operations(use),
        };
        if (isRsa)
        {
            parameters["key_size"] = algorithm switch { KeyAlgorithm.Rsa2048 => 2048, KeyAlgorithm.Rsa3072 => 3072, _ => 4096 };
        }
        else
        {
            parameters["crv"] = VaultKeys.Curve(algorithm);
        }

        var bundle = await _connection.Client.CreateAsync(name, parameters, cancellationToken);
        return new CreatedKey(new KeyReference(Name, name, VaultKeys.Version(bundle)), VaultKeys.SubjectPublicKeyInfo(bundle));
    }

    public async Task<CreatedKey> ImportAsync(string name, ReadOnlyMemory<byte> pkcs8, KeyUse use, CancellationToken cancellationToken)
    {
        KeyNames.Demand(name);
        using var pair = ImportedPair.Read(pkcs8.Span);
        if (use == KeyUse.Decrypt && pair.Pair is not RSA)
        {
            throw CurvesOnlySign();
        }

        await DemandNewAsync(name, cancellationToken);
        var key = VaultKeys.PrivateKey(pair.Pair);
        key["key_ops"] = Operations(use);
        var bundle = await _connection.Client.ImportAsync(name, new JsonObject { ["key"] = key, ["Hsm"] = _hardware }, cancellationToken);
        return new CreatedKey(new KeyReference(Name, name, VaultKeys.Version(bundle)), VaultKeys.SubjectPublicKeyInfo(bundle));
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in _connection.Client.ListAsync(cancellationToken))
        {
            yield return VaultKeys.Name(item);
        }
    }

    public IPrivateKey Open(KeyReference reference)
    {
        KeyNames.DemandIn(Name, reference);
        return new AzureKeyVaultPrivateKey(reference, _connection.Client);
    }

    public async Task<bool> SetEnabledAsync(KeyReference reference, bool enabled, CancellationToken cancellationToken)
    {
        KeyNames.DemandIn(Name, reference);
        await _connection.Client.UpdateAsync(reference.Name, reference.Version, new JsonObject { ["attributes"] = new JsonObject { ["enabled"] = enabled } }, cancellationToken);
        return true;
    }

    public Task<byte[]?> ExportAsync(KeyReference reference, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public async Task DestroyAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        KeyNames.DemandIn(Name, reference);
        try
        {
            await _connection.Client.DeleteAsync(reference.Name, cancellationToken);
        }
        catch (KeyStoreException exception) when (exception.Failure == KeyStoreFailure.NotFound)
        {
            // Gone already.
        }
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in _connection.Client.ListAsync(cancellationToken))
        {
            return;
        }
    }

    public void Dispose() => _connection.Dispose();

    private static JsonArray Operations(KeyUse use) => use == KeyUse.Sign ? ["sign", "verify"] : ["wrapKey", "unwrapKey"];

    private static KeyStoreException CurvesOnlySign() =>
        new(KeyStoreFailure.NotSupported, "A key vault does not decrypt with elliptic curves: encryption keys there are RSA.");

    // Over a name that is in use, a vault makes another version of the key.
    private async Task DemandNewAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.Client.GetAsync(name, cancellationToken);
        }
        catch (KeyStoreException exception) when (exception.Failure == KeyStoreFailure.NotFound)
        {
            return;
        }

        throw new KeyStoreException(KeyStoreFailure.Refused, $"The store {Name} has a key {name} already.");
    }
}
