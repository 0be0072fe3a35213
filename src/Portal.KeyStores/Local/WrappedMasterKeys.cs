using System.Collections.Concurrent;
using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <summary>
/// Master keys that another key store wraps: in the clear only in the memory of a process that has asked it. Each is
/// unwrapped once per process.
/// </summary>
/// <param name="sealedBy">The store whose key wraps new ones; null where the configured ones seal, and these only open.</param>
/// <param name="configured">Where master keys were before, or are again.</param>
/// <param name="storage">Holds them as wrapped.</param>
/// <param name="stores">By name.</param>
/// <param name="clock">The newest one seals.</param>
internal sealed class WrappedMasterKeys(
    string? sealedBy, IMasterKeys configured, ISealedKeyStorage storage, Func<string, IKeyStore> stores, TimeProvider clock) : IMasterKeys, IDisposable
{
    private readonly ConcurrentDictionary<string, MasterKey> _unwrapped = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);

    public KeyHolding Holding => sealedBy is null ? configured.Holding : new(KeyHoldingKind.SoftwareSealedByOther, sealedBy);

    public async ValueTask<MasterKey> CurrentAsync(CancellationToken cancellationToken)
    {
        if (sealedBy is null)
        {
            return await configured.CurrentAsync(cancellationToken);
        }

        return await NewestAsync(cancellationToken) is not { } newest ? await RenewAsync(cancellationToken) : await UnwrapAsync(newest, cancellationToken);
    }

    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        if (sealedBy is null)
        {
            await configured.CheckAsync(cancellationToken);
        }
        else if (await NewestAsync(cancellationToken) is { } newest)
        {
            await UnwrapAsync(newest, cancellationToken);
        }
    }

    public async ValueTask<MasterKey?> FindAsync(string fingerprint, CancellationToken cancellationToken)
    {
        if (_unwrapped.TryGetValue(fingerprint, out var known))
        {
            return known;
        }

        if (await configured.FindAsync(fingerprint, cancellationToken) is { } found)
        {
            return found;
        }

        var wrapped = (await storage.ListMasterKeysAsync(cancellationToken)).FirstOrDefault(one => one.Fingerprint == fingerprint);
        return wrapped is null ? null : await UnwrapAsync(wrapped, cancellationToken);
    }

    public async ValueTask<MasterKey> RenewAsync(CancellationToken cancellationToken)
    {
        if (sealedBy is null)
        {
            return await configured.RenewAsync(cancellationToken);
        }

        var wrapping = await stores(sealedBy).CreateAsync($"master-{Guid.NewGuid():N}", KeyAlgorithm.Rsa3072, KeyUse.Decrypt, cancellationToken);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(wrapping.SubjectPublicKeyInfo.Span, out _);
        var secret = RandomNumberGenerator.GetBytes(MasterKey.Length);
        var wrapped = rsa.Encrypt(secret, RSAEncryptionPadding.OaepSHA256);
        var master = MasterKey.Over(secret);
        await storage.WriteMasterKeyAsync(new WrappedMasterKey(master.Fingerprint, wrapping.Reference, wrapped, clock.GetUtcNow()), cancellationToken);
        _unwrapped[master.Fingerprint] = master;
        return master;
    }

    public void Dispose()
    {
        foreach (var key in _unwrapped.Values)
        {
            key.Dispose();
        }

        _one.Dispose();
    }

    private async Task<WrappedMasterKey?> NewestAsync(CancellationToken cancellationToken) =>
        (await storage.ListMasterKeysAsync(cancellationToken)).FirstOrDefault(one => one.WrappedBy.Store == sealedBy);

    private async Task<MasterKey> UnwrapAsync(WrappedMasterKey wrapped, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_unwrapped.TryGetValue(wrapped.Fingerprint, out var known))
            {
                return known;
            }

            var key = stores(wrapped.WrappedBy.Store).Open(wrapped.WrappedBy);
            var secret = await key.UnwrapKeyAsync(wrapped.Wrapped, KeyTransportScheme.RsaOaepSha256, cancellationToken);
            return _unwrapped[wrapped.Fingerprint] = Checked(wrapped, secret.ToArray());
        }
        finally
        {
            _one.Release();
        }
    }

    // What does not unwrap gives random bytes.
    private static MasterKey Checked(WrappedMasterKey wrapped, byte[] secret)
    {
        if (secret.Length == MasterKey.Length)
        {
            var master = MasterKey.Over(secret);
            if (master.Fingerprint == wrapped.Fingerprint)
            {
                return master;
            }

            master.Dispose();
        }

        throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The key {wrapped.WrappedBy} does not unwrap the master key {wrapped.Fingerprint}.");
    }
}
