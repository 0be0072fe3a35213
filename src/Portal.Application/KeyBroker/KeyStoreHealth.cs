using Polly.CircuitBreaker;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

internal enum KeyStoreState
{
    /// <summary>It answers, or nobody has asked yet.</summary>
    Working,

    /// <summary>It has not answered, and is left alone for some seconds.</summary>
    LeftAlone,
}

/// <summary>How a store has answered lately, as this process saw it.</summary>
/// <param name="Store">Its name.</param>
/// <param name="Holding">How it holds its keys.</param>
/// <param name="State">At this moment.</param>
/// <param name="Asked">Of the last calls, at most 1,000, those in the last hour.</param>
/// <param name="Failed">Of these, those that the store did not answer.</param>
/// <param name="Median">Of the answers.</param>
/// <param name="Slowest">The 95th percentile of the answers.</param>
/// <param name="LastFailure">In words; null when there was none since the start.</param>
/// <param name="LastFailureAt">When it was.</param>
internal sealed record KeyStoreReport(
    string Store, KeyHolding Holding, KeyStoreState State, int Asked, int Failed, TimeSpan? Median, TimeSpan? Slowest, string? LastFailure, DateTimeOffset? LastFailureAt);

internal sealed class KeyStoreHealth(IKeyStore store, TimeProvider clock)
{
    private const int Kept = 1000;
    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, TimeSpan Took, bool IsFailure)> _calls = new(Kept);
    private DateTimeOffset? _lastFailureAt;

    public CircuitBreakerStateProvider Circuit { get; } = new();

    public string? LastFailure { get; private set; }

    public void Answered(TimeSpan took) => Add(took, isFailure: false);

    /// <summary>A refusal is an answer.</summary>
    public void Failed(KeyStoreException exception, TimeSpan took)
    {
        var isFailure = exception.Failure == KeyStoreFailure.Unavailable;
        Add(took, isFailure);
        if (isFailure)
        {
            (LastFailure, _lastFailureAt) = (exception.Message, clock.GetUtcNow());
        }
    }

    public KeyStoreReport Report()
    {
        lock (_gate)
        {
            var lately = _calls.Where(call => clock.GetUtcNow() - call.At <= Lately).ToList();
            var answers = lately.Where(call => !call.IsFailure).Select(call => call.Took).Order().ToList();
            return new KeyStoreReport(
                store.Name,
                store.Holding,
                Circuit.CircuitState is CircuitState.Open or CircuitState.Isolated ? KeyStoreState.LeftAlone : KeyStoreState.Working,
                lately.Count,
                lately.Count - answers.Count,
                answers.Count > 0 ? answers[answers.Count / 2] : null,
                answers.Count > 0 ? answers[answers.Count * 95 / 100] : null,
                LastFailure,
                _lastFailureAt);
        }
    }

    private void Add(TimeSpan took, bool isFailure)
    {
        lock (_gate)
        {
            if (_calls.Count == Kept)
            {
                _calls.Dequeue();
            }

            _calls.Enqueue((clock.GetUtcNow(), took, isFailure));
        }
    }
}
