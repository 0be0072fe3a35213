using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Portal.Application.Telemetry;
using Portal.Application.Tests.Portals;

namespace Portal.Application.Tests.Telemetry;

internal sealed record HeardSpan(string Trace, string Name, IReadOnlyDictionary<string, string> Tags, string Everything);

/// <summary>Listens to one portal as an exporter does.</summary>
internal sealed class Heard : IDisposable
{
    private readonly ConcurrentQueue<HeardSpan> _spans = new();
    private readonly ConcurrentQueue<(string Figure, double Value, string Tags)> _values = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    public Heard(TestPortal portal)
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Spans,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _spans.Enqueue(Copy(span)),
        };
        ActivitySource.AddActivityListener(_activities);
        var scope = portal.Get<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TelemetryNames.Figures && instrument.Meter.Scope == scope)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _meters.Start();
    }

    public IReadOnlyList<HeardSpan> Spans => [.. _spans];

    public IReadOnlyList<(string Figure, double Value, string Tags)> Values => [.. _values];

    /// <summary>Sum of what was counted, or number of what was timed, under tags written as a=b c=d.</summary>
    public double Count(string figure, string tags) => _values.Where(one => one.Figure == figure && one.Tags == tags).Sum(one => one.Value);

    public int Timed(string figure, string tags) => _values.Count(one => one.Figure == figure && one.Tags == tags);

    /// <summary>What the gauges show now.</summary>
    public Dictionary<string, double> Look(string gauge)
    {
        var before = _values.Count;
        _meters.RecordObservableInstruments();
        return _values.Skip(before).Where(one => one.Figure == gauge).ToDictionary(one => one.Tags, one => one.Value);
    }

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _values.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));

    private static HeardSpan Copy(Activity span)
    {
        var tags = span.TagObjects.ToDictionary(tag => tag.Key, tag => $"{tag.Value}");
        var events = span.Events.SelectMany(one => one.Tags.Select(tag => $"{one.Name} {tag.Key}={tag.Value}"));
        var everything = string.Join(
            '\n', [span.DisplayName, $"{span.StatusDescription}", .. tags.Select(tag => $"{tag.Key}={tag.Value}"), .. events, .. span.Baggage.Select(one => $"{one}")]);
        return new HeardSpan(span.TraceId.ToString(), span.OperationName, tags, everything);
    }
}
