using System.Collections.Concurrent;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <summary>Master keys in the settings, or in a file with its predecessors beside it.</summary>
/// <param name="secret">Base64; null where they are in a file.</param>
/// <param name="older">Base64, of those that only open; in either case.</param>
/// <param name="file">Holds the one that seals.</param>
internal sealed class ConfiguredMasterKeys(string? secret, IReadOnlyList<string> older, string file) : IMasterKeys, IDisposable
{
    private readonly ConcurrentDictionary<string, MasterKey> _known = new(StringComparer.Ordinal);

    public KeyHolding Holding => new(KeyHoldingKind.Software);

    // The file is read each time: it may have been renewed by another process. Keys are seldom made.
    public ValueTask<MasterKey> CurrentAsync(CancellationToken cancellationToken)
    {
        if (secret is not null)
        {
            return new(Known(MasterKey.FromSecret(secret)));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return new(Known(MasterKey.FromFile(file)));
    }

    public ValueTask<MasterKey?> FindAsync(string fingerprint, CancellationToken cancellationToken)
    {
        if (!_known.ContainsKey(fingerprint))
        {
            foreach (var key in Read())
            {
                Known(key);
            }
        }

        return new(_known.GetValueOrDefault(fingerprint));
    }

    public ValueTask<MasterKey> RenewAsync(CancellationToken cancellationToken)
    {
        if (secret is not null)
        {
            throw new KeyStoreException(
                KeyStoreFailure.Refused,
                "The master key is in a setting, which the portal cannot change: put a new one into Portal:KeyStores:Local:MasterKey and this one into Portal:KeyStores:Local:OlderMasterKeys, on every node.");
        }

        MasterKeyFile.Renew(file);
        return CurrentAsync(cancellationToken);
    }

    public ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        if (secret is not null)
        {
            MasterKey.FromSecret(secret).Dispose();
        }
        else if (File.Exists(file))
        {
            MasterKey.FromFile(file).Dispose();
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var key in _known.Values)
        {
            key.Dispose();
        }
    }

    private IEnumerable<MasterKey> Read()
    {
        var present = secret is not null ? [MasterKey.FromSecret(secret)] : MasterKeyFile.Present(file).Select(MasterKey.FromFile);
        return present.Concat(older.Select(MasterKey.FromSecret));
    }

    private MasterKey Known(MasterKey key)
    {
        var known = _known.GetOrAdd(key.Fingerprint, key);
        if (known != key)
        {
            key.Dispose();
        }

        return known;
    }
}
