using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Portal.Application.Telemetry;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <summary>
/// A key store that is asked no more than it can bear, and left alone for a while when it does not answer; timed, whoever
/// asks. One for each store and process.
/// </summary>
internal sealed class GuardedKeyStore : IKeyStore
{
    /// <summary>A Key Vault computes thousands a second; more at once only wait elsewhere.</summary>
    public const int MostAtOnce = 64;

    private const int MostWaiting = 2000;
    private const int FewestToJudge = 10;
    private static readonly TimeSpan Judged = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan PatienceForKeys = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(15);

    private readonly IKeyStore _inner;
    private readonly Figures _figures;
    private readonly TimeProvider _clock;
    private readonly ResiliencePipeline _guard;

    public GuardedKeyStore(IKeyStore inner, Figures figures, TimeProvider clock)
    {
        (_inner, _figures, _clock) = (inner, figures, clock);
        Health = new KeyStoreHealth(inner, clock);
        _guard = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<KeyStoreException>(exception => exception.Failure == KeyStoreFailure.Unavailable),
                FailureRatio = 0.5,
                MinimumThroughput = FewestToJudge,
                SamplingDuration = Judged,
                BreakDuration = LeftAlone,
                StateProvider = Health.Circuit,
            })
            .AddConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = MostAtOnce, QueueLimit = MostWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst })
            .Build();
    }

    public string Name => _inner.Name;

    public KeyHolding Holding => _inner.Holding;

    public KeyStoreHealth Health { get; }

    public Task<CreatedKey> CreateAsync(string name, KeyAlgorithm algorithm, KeyUse use, CancellationToken cancellationToken) =>
        AskAsync("Create", token => _inner.CreateAsync(name, algorithm, use, token), cancellationToken);

    public Task<CreatedKey> ImportAsync(string name, ReadOnlyMemory<byte> pkcs8, KeyUse use, CancellationToken cancellationToken) =>
        AskAsync("Import", token => _inner.ImportAsync(name, pkcs8, use, token), cancellationToken);

    /// <summary>Not guarded: whoever lists has time, and many answers are no one call.</summary>
    public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken) => _inner.ListAsync(cancellationToken);

    public IPrivateKey Open(KeyReference reference) => new Key(this, _inner.Open(reference));

    public Task<bool> SetEnabledAsync(KeyReference reference, bool enabled, CancellationToken cancellationToken) =>
        AskAsync("Enable", token => _inner.SetEnabledAsync(reference, enabled, token), cancellationToken);

    public Task<byte[]?> ExportAsync(KeyReference reference, CancellationToken cancellationToken) =>
        AskAsync("Export", token => _inner.ExportAsync(reference, token), cancellationToken);

    public Task DestroyAsync(KeyReference reference, CancellationToken cancellationToken) => AskAsync(
        "Destroy",
        async token =>
        {
            await _inner.DestroyAsync(reference, token);
            return true;
        },
        cancellationToken);

    public Task CheckAsync(CancellationToken cancellationToken) => AskAsync(
        "Check",
        async token =>
        {
            await _inner.CheckAsync(token);
            return true;
        },
        cancellationToken);

    private async Task<TAnswer> AskAsync<TAnswer>(string operation, Func<CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await _guard.ExecuteAsync(async token => await MeasureAsync(operation, ask, token), cancellationToken);
        }
        catch (BrokenCircuitException exception)
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The key store {Name} has not answered lately and is left alone for some seconds. {Health.LastFailure}", exception);
        }
        catch (RateLimiterRejectedException exception)
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The key store {Name} has more to do than it can: {MostWaiting} calls wait.", exception);
        }
    }

    private async ValueTask<TAnswer> MeasureAsync<TAnswer>(string operation, Func<CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        using var span = Spans.Call("portal.key_store")?.SetTag("portal.key_store", Name).SetTag("portal.key_store.operation", operation);
        var began = _clock.GetTimestamp();
        var outcome = "Cancelled";
        try
        {
            var answer = await WithinPatienceAsync(ask, operation is "Create" or "Import" or "SignMany" ? PatienceForKeys : Patience, cancellationToken);
            outcome = "Answered";
            Health.Answered(_clock.GetElapsedTime(began));
            return answer;
        }
        catch (KeyStoreException exception)
        {
            outcome = exception.Failure.ToString();
            span.Fail(outcome);
            Health.Failed(exception, _clock.GetElapsedTime(began));
            throw;
        }
        finally
        {
            if (_figures.WantKeyStores)
            {
                _figures.Asked(Name, operation, outcome, _clock.GetElapsedTime(began));
            }
        }
    }

    // A call into a library in C hears of no cancellation: it is left behind, and counts as not answered.
    private async Task<TAnswer> WithinPatienceAsync<TAnswer>(Func<CancellationToken, Task<TAnswer>> ask, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await ask(end.Token).WaitAsync(patience, _clock, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            await end.CancelAsync();
            throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The key store {Name} has not answered within {patience.TotalSeconds:0} seconds.", exception);
        }
    }

    private sealed class Key(GuardedKeyStore store, IPrivateKey key) : IPrivateKey
    {
        public KeyReference Reference => key.Reference;

        public Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken) =>
            store.AskAsync("Sign", token => key.SignDigestAsync(digest, scheme, token), cancellationToken);

        public Task<IReadOnlyList<ReadOnlyMemory<byte>>> SignDigestsAsync(IReadOnlyList<ReadOnlyMemory<byte>> digests, SignatureScheme scheme, CancellationToken cancellationToken) =>
            store.AskAsync("SignMany", token => key.SignDigestsAsync(digests, scheme, token), cancellationToken);

        public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
            store.AskAsync("Sign", token => key.SignMessageAsync(message, scheme, token), cancellationToken);

        public Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken) =>
            store.AskAsync("Unwrap", token => key.UnwrapKeyAsync(encryptedKey, scheme, token), cancellationToken);

        public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken) =>
            store.AskAsync("Derive", token => key.DeriveAsync(peerPublicKey, token), cancellationToken);
    }
}
