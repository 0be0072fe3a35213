using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <summary>One master key and no other.</summary>
internal sealed class OnlyMasterKey(Func<MasterKey> master) : IMasterKeys
{
    public KeyHolding Holding => new(KeyHoldingKind.Software);

    public ValueTask<MasterKey> CurrentAsync(CancellationToken cancellationToken) => new(master());

    public ValueTask<MasterKey?> FindAsync(string fingerprint, CancellationToken cancellationToken) =>
        new(master() is var only && only.Fingerprint == fingerprint ? only : null);

    public ValueTask CheckAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<MasterKey> RenewAsync(CancellationToken cancellationToken) =>
        throw new KeyStoreException(KeyStoreFailure.Refused, "This master key is the only one.");
}
