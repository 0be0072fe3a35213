using System.Diagnostics.Metrics;

namespace Portal.Application.Telemetry;

/// <summary>What the portal counts and times. Tags are names of our own enums and of configured stores; nothing that comes from mail.</summary>
internal sealed class Figures : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _arrivals;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _swept;
    private readonly Histogram<double> _work;
    private readonly Histogram<double> _keyStores;
    private readonly ObservableGauge<long> _backlog;
    private readonly ObservableGauge<double> _age;
    private volatile IReadOnlyList<WorkBacklog> _waiting = [];

    public Figures(IMeterFactory meters)
    {
        _meter = meters.Create(TelemetryNames.Figures);
        _arrivals = _meter.CreateCounter<long>("portal.arrivals", "{message}", "Messages that entered an inbox, by the way they came.");
        _opened = _meter.CreateCounter<long>("portal.messages.opened", "{message}", "Messages that were opened and judged, by verdict.");
        _deliveries = _meter.CreateCounter<long>("portal.deliveries", "{recipient}", "Attempts for one recipient, by outcome.");
        _swept = _meter.CreateCounter<long>("portal.swept", "{row}", "What was removed because nothing refers to it or nobody needs it any more, by kind.");
        _work = _meter.CreateHistogram<double>("portal.work.duration", "s", "One item of work, by kind and outcome.", advice: Steps(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300));
        _keyStores = _meter.CreateHistogram<double>("portal.key_store.duration", "s", "One call to a key store, by store, operation and outcome.", advice: Steps(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10));
        _backlog = _meter.CreateObservableGauge("portal.work.items", Items, "{item}", "The list of work, by kind and state; the same on every worker.");
        _age = _meter.CreateObservableGauge("portal.work.oldest_age", Ages, "s", "How long the oldest item has been due, by kind; the same on every worker.");
    }

    /// <summary>Somebody wants to know what waits.</summary>
    public bool WantBacklog => _backlog.Enabled || _age.Enabled;

    public bool WantKeyStores => _keyStores.Enabled;

    public bool WantWork => _work.Enabled;

    public void Arrived(ArrivalRoute route) => _arrivals.Add(1, new KeyValuePair<string, object?>("route", route.ToString()));

    public void Opened(string verdict, string state, bool encrypted)
    {
        if (_opened.Enabled)
        {
            _opened.Add(1, new("verdict", verdict), new("state", state), new("encrypted", encrypted));
        }
    }

    public void Attempted(string outcome) => _deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Swept(string what, int rows) => _swept.Add(rows, new KeyValuePair<string, object?>("kind", what));

    public void Worked(string kind, string outcome, TimeSpan duration) =>
        _work.Record(duration.TotalSeconds, new("kind", kind), new("outcome", outcome));

    public void Asked(string store, string operation, string outcome, TimeSpan duration) =>
        _keyStores.Record(duration.TotalSeconds, new("store", store), new("operation", operation), new("outcome", outcome));

    public void Waits(IReadOnlyList<WorkBacklog> waiting) => _waiting = waiting;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Items() => _waiting.SelectMany(one => new Measurement<long>[]
    {
        new(one.Due, new("kind", one.Kind), new("state", "Due")),
        new(one.Leased, new("kind", one.Kind), new("state", "Leased")),
        new(one.Later, new("kind", one.Kind), new("state", "Later")),
    });

    private IEnumerable<Measurement<double>> Ages() =>
        _waiting.Select(one => new Measurement<double>(one.OldestDue.TotalSeconds, new KeyValuePair<string, object?>("kind", one.Kind)));

    private static InstrumentAdvice<double> Steps(params double[] seconds) => new() { HistogramBucketBoundaries = seconds };
}

internal enum ArrivalRoute
{
    /// <summary>From a mailbox of this portal.</summary>
    Inside,

    /// <summary>From an account elsewhere.</summary>
    Fetched,

    /// <summary>The portal's own notice that something was not delivered.</summary>
    Notice,
}

/// <param name="Kind">Of work.</param>
/// <param name="Due">Could be worked on now, and is not.</param>
/// <param name="Leased">Being worked on.</param>
/// <param name="Later">For another time: retries, and what recurs.</param>
/// <param name="OldestDue">How long the oldest has been due, being worked on or not.</param>
internal sealed record WorkBacklog(string Kind, long Due, long Leased, long Later, TimeSpan OldestDue);
