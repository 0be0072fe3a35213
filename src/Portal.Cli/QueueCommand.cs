using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application;
using Portal.Application.Outbox;

namespace Portal.Cli;

internal static class QueueCommand
{
    private const int Most = 1000;

    public static Command Make() => new("queue", "Mail on its way out: states and ids, never contents.")
    {
        List(),
        Change("retry", "Tries now what is postponed, and lets go on what is held.", "is tried now", (queue, actor, id, cancellationToken) => queue.RetryAsync(actor, id, cancellationToken)),
        Change("hold", "Does not try it until `portal queue retry`.", "is held", (queue, actor, id, cancellationToken) => queue.HoldAsync(actor, id, cancellationToken)),
        Change("cancel", "Gives it up; the sender gets a notice.", "is cancelled", (queue, actor, id, cancellationToken) => queue.CancelAsync(actor, id, cancellationToken)),
    };

    private static Verb List()
    {
        var domain = ChosenOrganisation.Option();
        var failed = new Option<bool>("--failed") { Description = "Those too that were given up." };
        var list = new Verb("list", $"What has not been delivered yet, the oldest first; {Most} at most.", "portal queue list", "portal queue list --failed --json") { domain, failed };
        list.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var now = provider.GetRequiredService<TimeProvider>().GetUtcNow();
            var deliveries = await provider.GetRequiredService<OutboxQueue>().ListAsync(organisation.Id, parsed.GetValue(failed), Most, cancellationToken);
            return await voice.TellAsync(
                deliveries.Select(one => new
                {
                    one.Id,
                    one.Message,
                    one.State,
                    one.CreatedAt,
                    ageSeconds = (long)(now - one.CreatedAt).TotalSeconds,
                    one.Attempts,
                    one.NextAttemptAt,
                    one.LastFailure,
                    one.PossibleDuplicate,
                }),
                deliveries.Count == 0
                    ? ["Nothing waits."]
                    : Table.Of(["ID", "MESSAGE", "STATE", "AGE", "ATTEMPTS", "NEXT TRY", "LAST FAILURE"], deliveries.Select(one => Row(one, now))));
        }, cancellationToken));
        return list;
    }

    private static Verb Change(string name, string description, string done, Func<OutboxQueue, Actor, Guid, CancellationToken, Task<QueueOutcome>> change)
    {
        var id = new Argument<Guid>("ID") { CustomParser = Typed.Id, Description = "Of a delivery, or of a message for all of its deliveries." };
        var domain = ChosenOrganisation.Option();
        var verb = new Verb(name, description, $"portal queue {name} 6b1f0c5e8d3a4f70a2c94be1d7503f8a") { id, domain };
        verb.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var outcome = await change(
                provider.GetRequiredService<OutboxQueue>(), new Actor.Portal(organisation.Id, "command-line"), parsed.GetValue(id), cancellationToken);
            return outcome switch
            {
                QueueOutcome.Done changed => await voice.TellAsync(
                    new { deliveries = changed.Deliveries }, changed.Deliveries.Select(one => $"{one} {done}.")),
                QueueOutcome.BeingSent => await voice.RefuseAsync("It is being sent at this moment. Try again shortly."),
                QueueOutcome.NothingToDo => await voice.RefuseAsync("It is delivered, given up, or already so."),
                _ => await voice.RefuseAsync("No delivery and no message has that id."),
            };
        }, cancellationToken));
        return verb;
    }

    private static string[] Row(QueuedDelivery one, DateTimeOffset now) =>
    [
        one.Id.ToString(),
        one.Message.ToString(),
        one.State.ToString().ToLowerInvariant(),
        Span(now - one.CreatedAt),
        one.Attempts.ToString(CultureInfo.InvariantCulture),
        one.NextAttemptAt is { } next ? $"in {Span(next - now)}" : "-",
        one.LastFailure?.ToString() ?? "-",
    ];

    private static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(0, (int)span.TotalSeconds)} s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 2 } => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} days",
    };
}
