using System.Diagnostics;

namespace Portal.Application.Telemetry;

/// <summary>Spans along the routes of mail. They carry ids, kinds and counts: never an address, a subject, or what somebody wrote.</summary>
internal static class Spans
{
    private static readonly ActivitySource Source = new(TelemetryNames.Spans);

    /// <returns>Null when nobody listens.</returns>
    public static Activity? Start(string name, OrganisationId organisation) =>
        Source.StartActivity(name)?.SetTag("portal.organisation", organisation.ToString());

    /// <summary>Goes on with the trace of whoever put the work on the list, in another process as a rule.</summary>
    public static Activity? Continue(string name, OrganisationId organisation, string? traceParent) =>
        Source.StartActivity(name, ActivityKind.Consumer, traceParent)?.SetTag("portal.organisation", organisation.ToString());

    /// <summary>A call to somebody else's system.</summary>
    public static Activity? Call(string name) => Source.StartActivity(name, ActivityKind.Client);

    /// <summary>What is needed to go on with this trace elsewhere; null when it is not recorded.</summary>
    public static string? TraceParent => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>The kind of failure only: messages of exceptions may repeat what they were given.</summary>
    public static void Fail(this Activity? span, Exception exception) => span?.Fail(exception.GetType().Name);

    public static void Fail(this Activity? span, string kind) => span?.SetTag("error.type", kind).SetStatus(ActivityStatusCode.Error);
}
