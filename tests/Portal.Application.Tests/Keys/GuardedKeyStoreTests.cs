using Microsoft.Extensions.Time.Testing;
using Portal.Application.KeyBroker;
using Portal.Application.Tests.Database;
using Portal.Smime.Keys;

namespace Portal.Application.Tests.Keys;

/// <summary>A store that does not answer is left alone, and one that is busy is not asked for more.</summary>
public sealed class GuardedKeyStoreTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedKeyStore _store = new();
    private readonly GuardedKeyStore _guarded;

    public GuardedKeyStoreTests() => _guarded = new GuardedKeyStore(_store, Unread.Figures, _clock);

    [Fact]
    public async Task A_store_that_does_not_answer_is_left_alone_and_asked_again()
    {
        _store.Failure = KeyStoreFailure.Unavailable;
        await FailAsync(30);
        var asked = _store.Asked;

        Assert.InRange(asked, 10, 12);
        Assert.Equal(KeyStoreState.LeftAlone, _guarded.Health.Report().State);
        _store.Failure = null;
        _clock.Advance(TimeSpan.FromSeconds(14));
        await FailAsync(1);
        Assert.Equal(asked, _store.Asked);

        _clock.Advance(TimeSpan.FromSeconds(2));
        await _guarded.CheckAsync(default);
        Assert.Equal(asked + 1, _store.Asked);
        Assert.Equal(KeyStoreState.Working, _guarded.Health.Report().State);
    }

    [Fact]
    public async Task A_store_that_hangs_has_not_answered()
    {
        _store.Holds = true;
        var call = _guarded.CheckAsync(default);

        _clock.Advance(TimeSpan.FromSeconds(44));
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => call.WaitAsync(Patience));
        Assert.Equal(KeyStoreFailure.Unavailable, exception.Failure);
        Assert.Equal((1, 1), (_guarded.Health.Report().Asked, _guarded.Health.Report().Failed));
    }

    [Fact]
    public async Task A_store_that_is_still_away_is_asked_once_and_left_alone_again()
    {
        _store.Failure = KeyStoreFailure.Unavailable;
        await FailAsync(30);
        var asked = _store.Asked;

        _clock.Advance(TimeSpan.FromSeconds(16));
        await FailAsync(30);

        Assert.Equal(asked + 1, _store.Asked);
    }

    [Theory]
    [InlineData(KeyStoreFailure.Refused)]
    [InlineData(KeyStoreFailure.NotFound)]
    [InlineData(KeyStoreFailure.NotSupported)]
    public async Task A_refusal_is_an_answer(KeyStoreFailure failure)
    {
        _store.Failure = failure;
        await FailAsync(50);

        Assert.Equal(50, _store.Asked);
        Assert.Equal((KeyStoreState.Working, 0), (_guarded.Health.Report().State, _guarded.Health.Report().Failed));
    }

    [Fact]
    public async Task So_many_are_asked_at_once_and_the_others_wait()
    {
        _store.Holds = true;
        var calls = Enumerable.Range(0, GuardedKeyStore.MostAtOnce + 20).Select(_ => _guarded.CheckAsync(default)).ToList();

        Assert.Equal(GuardedKeyStore.MostAtOnce, _store.Asked);
        _store.Release();
        await Task.WhenAll(calls);
        Assert.Equal(GuardedKeyStore.MostAtOnce + 20, _store.Asked);
    }

    [Fact]
    public async Task Beyond_two_thousand_nobody_waits()
    {
        _store.Holds = true;
        var calls = Enumerable.Range(0, GuardedKeyStore.MostAtOnce + 2000).Select(_ => _guarded.CheckAsync(default)).ToList();

        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => _guarded.CheckAsync(default).WaitAsync(Patience));

        Assert.Equal(KeyStoreFailure.Unavailable, exception.Failure);
        Assert.Contains("more to do than it can", exception.Message, StringComparison.Ordinal);
        _store.Release();
        await Task.WhenAll(calls);
        Assert.Equal(KeyStoreState.Working, _guarded.Health.Report().State);
    }

    [Fact]
    public async Task Whoever_gives_up_while_waiting_frees_the_place()
    {
        _store.Holds = true;
        var held = Enumerable.Range(0, GuardedKeyStore.MostAtOnce).Select(_ => _guarded.CheckAsync(default)).ToList();
        using var giveUp = new CancellationTokenSource();
        var waiting = _guarded.CheckAsync(giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _store.Release();
        await Task.WhenAll(held);
        Assert.Equal(GuardedKeyStore.MostAtOnce, _store.Asked);
    }

    [Fact]
    public async Task The_report_tells_of_the_last_hour()
    {
        _store.Failure = KeyStoreFailure.Unavailable;
        await FailAsync(2);
        _store.Failure = null;
        _store.Takes = () => _clock.Advance(TimeSpan.FromMilliseconds(50));
        await _guarded.CheckAsync(default);

        var report = _guarded.Health.Report();
        Assert.Equal(("scripted", 3, 2, TimeSpan.FromMilliseconds(50)), (report.Store, report.Asked, report.Failed, report.Median));
        Assert.Equal("The script says so.", report.LastFailure);

        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0, null), (_guarded.Health.Report().Asked, _guarded.Health.Report().Failed, _guarded.Health.Report().Median));
    }

    private async Task FailAsync(int times)
    {
        for (var time = 0; time < times; time++)
        {
            await Assert.ThrowsAsync<KeyStoreException>(() => _guarded.CheckAsync(default));
        }
    }

    private sealed class ScriptedKeyStore : IKeyStore
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public string Name => "scripted";

        public KeyHolding Holding => new(KeyHoldingKind.Vault);

        public int Asked => _asked;

        public KeyStoreFailure? Failure { get; set; }

        public bool Holds { get; set; }

        public Action Takes { get; set; } = () => { };

        public void Release() => _released.SetResult();

        public async Task CheckAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            Takes();
            if (Holds)
            {
                await _released.Task.WaitAsync(cancellationToken);
            }

            if (Failure is { } failure)
            {
                throw new KeyStoreException(failure, "The script says so.");
            }
        }

        public Task<CreatedKey> CreateAsync(string name, KeyAlgorithm algorithm, KeyUse use, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CreatedKey> ImportAsync(string name, ReadOnlyMemory<byte> pkcs8, KeyUse use, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IPrivateKey Open(KeyReference reference) => throw new NotSupportedException();

        public Task<bool> SetEnabledAsync(KeyReference reference, bool enabled, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]?> ExportAsync(KeyReference reference, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DestroyAsync(KeyReference reference, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
