using Portal.Application.Telemetry;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <summary>A key store whose answers are timed, whoever asked for them.</summary>
internal sealed class MeasuredKeyStore(IKeyStore inner, Figures figures, TimeProvider clock) : IKeyStore
{
    public string Name => inner.Name;

    public Task<CreatedKey> CreateAsync(string name, KeyAlgorithm algorithm, KeyUse use, CancellationToken cancellationToken) =>
        MeasureAsync("Create", () => inner.CreateAsync(name, algorithm, use, cancellationToken));

    public IPrivateKey Open(KeyReference reference) => new Key(this, inner.Open(reference));

    public Task DestroyAsync(KeyReference reference, CancellationToken cancellationToken) => MeasureAsync("Destroy", async () =>
    {
        await inner.DestroyAsync(reference, cancellationToken);
        return true;
    });

    public Task CheckAsync(CancellationToken cancellationToken) => MeasureAsync("Check", async () =>
    {
        await inner.CheckAsync(cancellationToken);
        return true;
    });

    private async Task<TAnswer> MeasureAsync<TAnswer>(string operation, Func<Task<TAnswer>> ask)
    {
        using var span = Spans.Call("portal.key_store")?.SetTag("portal.key_store", Name).SetTag("portal.key_store.operation", operation);
        if (span is null && !figures.WantKeyStores)
        {
            return await ask();
        }

        var began = clock.GetTimestamp();
        var outcome = "Cancelled";
        try
        {
            var answer = await ask();
            outcome = "Answered";
            return answer;
        }
        catch (KeyStoreException exception)
        {
            outcome = exception.Failure.ToString();
            span.Fail(outcome);
            throw;
        }
        finally
        {
            figures.Asked(Name, operation, outcome, clock.GetElapsedTime(began));
        }
    }

    private sealed class Key(MeasuredKeyStore store, IPrivateKey key) : IPrivateKey
    {
        public KeyReference Reference => key.Reference;

        public Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken) =>
            store.MeasureAsync("Sign", () => key.SignDigestAsync(digest, scheme, cancellationToken));

        public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
            store.MeasureAsync("Sign", () => key.SignMessageAsync(message, scheme, cancellationToken));

        public Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken) =>
            store.MeasureAsync("Unwrap", () => key.UnwrapKeyAsync(encryptedKey, scheme, cancellationToken));

        public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken) =>
            store.MeasureAsync("Derive", () => key.DeriveAsync(peerPublicKey, cancellationToken));
    }
}
