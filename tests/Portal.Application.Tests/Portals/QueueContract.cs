using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Outbox;
using Portal.Application.Tests.Database;
using Portal.Application.Work;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What an operator does to mail on its way out.</summary>
public abstract class QueueContract : DatabaseTest
{
    private readonly FaultySmtpSink _sink = new();
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;

    private Actor Operator => new Actor.Portal(_alice.Account.Organisation, "command-line");

    private OutboxQueue Queue => _portal.Get<OutboxQueue>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(
            Db,
            ("Portal:Transport:Kind", "Smtp"),
            ("Portal:Transport:RelayHost", "127.0.0.1"),
            ("Portal:Transport:RelayTls", "None"),
            ("Portal:Transport:RelayPort", $"{_sink.Port}"),
            ("Portal:Outbox:FirstRetry", "00:30:00"));
        var organisation = await _portal.FoundAsync("example.test");
        await _portal.AllowAsync(organisation, signedOnly: true, unprotected: true);
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test");
        _sink.AnswerMessage = "451 4.3.0 later";
    }

    private protected override async ValueTask EndAsync()
    {
        await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task What_waits_is_listed_with_its_failure_and_without_its_contents()
    {
        await PostponedAsync("one@outside.test");

        var delivery = Assert.Single(await ListAsync());

        Assert.Equal((DeliveryState.Postponed, 1, DeliveryFailure.Deferred), (delivery.State, delivery.Attempts, delivery.LastFailure));
        Assert.True(delivery.NextAttemptAt > TimeProvider.System.GetUtcNow());
        Assert.DoesNotContain("outside", delivery.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_does_not_wait_for_its_time()
    {
        await PostponedAsync("one@outside.test");
        _sink.AnswerMessage = "250 taken";

        Assert.IsType<QueueOutcome.Done>(await Queue.RetryAsync(Operator, (await ListAsync())[0].Id.Value, CancellationToken.None));

        await _portal.WorkUntilAsync(async () => (await ListAsync()).Count == 0);
        Assert.Single(_sink.Received);
        Assert.IsType<QueueOutcome.Unknown>(await Queue.RetryAsync(Operator, Guid.NewGuid(), CancellationToken.None));
    }

    [Fact]
    public async Task What_is_held_is_not_tried_until_it_is_released_and_the_others_go()
    {
        await PostponedAsync("one@outside.test, two@outside.test");
        _sink.AnswerMessage = "250 taken";
        var held = (await ListAsync())[0];
        Assert.IsType<QueueOutcome.Done>(await Queue.HoldAsync(Operator, held.Id.Value, CancellationToken.None));
        Assert.IsType<QueueOutcome.NothingToDo>(await Queue.HoldAsync(Operator, held.Id.Value, CancellationToken.None));

        await Queue.RetryAsync(Operator, (await ListAsync())[1].Id.Value, CancellationToken.None);
        await _portal.WorkUntilAsync(async () => (await ListAsync()).Count == 1);

        Assert.Equal((held.Id, DeliveryState.Held), ((await ListAsync()).Single().Id, (await ListAsync()).Single().State));
        Assert.Single(Assert.Single(_sink.Received).Recipients);
        Assert.IsType<QueueOutcome.Done>(await Queue.RetryAsync(Operator, held.Message.Value, CancellationToken.None));
        await _portal.WorkUntilAsync(async () => (await ListAsync()).Count == 0);
        Assert.Equal(["one@outside.test", "two@outside.test"], _sink.Received.SelectMany(one => one.Recipients).Order());
        Assert.Equal(_sink.Received[0].Content, _sink.Received[1].Content);
    }

    [Fact]
    public async Task What_is_cancelled_is_never_sent_and_its_sender_is_told()
    {
        await PostponedAsync("one@outside.test, two@outside.test");
        _sink.AnswerMessage = "250 taken";
        var message = (await ListAsync())[0].Message;

        var done = Assert.IsType<QueueOutcome.Done>(await Queue.CancelAsync(Operator, message.Value, CancellationToken.None));

        Assert.Equal(2, done.Deliveries.Count);
        var notice = await _portal.ReceiveAsync(_alice, "Not delivered: To the outside");
        var body = await _portal.BodyAsync(_alice, notice.Id);
        Assert.Contains("two@outside.test", body, StringComparison.Ordinal);
        Assert.Contains("An administrator cancelled the delivery.", body, StringComparison.Ordinal);
        Assert.Empty(await ListAsync());
        Assert.All(await Queue.ListAsync(_alice.Account.Organisation, true, 10, CancellationToken.None), one => Assert.Equal(DeliveryFailure.Cancelled, one.LastFailure));
        Assert.IsType<QueueOutcome.NothingToDo>(await Queue.CancelAsync(Operator, message.Value, CancellationToken.None));
        Assert.Empty(_sink.Received);
    }

    [Fact]
    public async Task What_a_worker_has_in_its_hands_is_left_alone_and_what_it_lost_cannot_be_saved()
    {
        await PostponedAsync("one@outside.test");
        var delivery = (await ListAsync())[0];
        await Queue.RetryAsync(Operator, delivery.Id.Value, CancellationToken.None);
        var work = (await Db.Claims.ClaimAsync(10, TimeSpan.FromSeconds(2), CancellationToken.None)).Single(one => one.Kind == WorkKind.Dispatch);

        Assert.IsType<QueueOutcome.BeingSent>(await Queue.HoldAsync(Operator, delivery.Id.Value, CancellationToken.None));
        await Task.Delay(2500);
        Assert.IsType<QueueOutcome.Done>(await Queue.HoldAsync(Operator, delivery.Id.Value, CancellationToken.None));

        await using var db = await Db.Database.WriteAsync(_alice.Account.Organisation, CancellationToken.None);
        await Assert.ThrowsAsync<LeaseLostException>(() => WorkQueue.CompleteAsync(db, work, CancellationToken.None));
    }

    [Fact]
    public async Task Every_change_is_on_record()
    {
        await PostponedAsync("one@outside.test");
        var id = (await ListAsync())[0].Id.Value;
        await Queue.HoldAsync(Operator, id, CancellationToken.None);
        await Queue.RetryAsync(Operator, id, CancellationToken.None);
        await Queue.CancelAsync(Operator, id, CancellationToken.None);

        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, CancellationToken.None);
        var actions = await db.AuditEntries.Where(one => one.Subject == id && one.Actor == "portal:command-line").OrderBy(one => one.Sequence).Select(one => one.Action).ToListAsync();
        Assert.Equal([AuditAction.DeliveryHeld, AuditAction.DeliveryRetried, AuditAction.DeliveryCancelled], actions);
    }

    private Task<IReadOnlyList<QueuedDelivery>> ListAsync() => Queue.ListAsync(_alice.Account.Organisation, false, 10, CancellationToken.None);

    private async Task PostponedAsync(string to)
    {
        await _portal.SendAsync(_alice, Mail.To(to, "To the outside") with { Protect = false });
        await _portal.WorkUntilAsync(async () => (await ListAsync()).All(one => one.State == DeliveryState.Postponed));
    }
}

public sealed class PostgresQueueTests(PostgresFixture postgres) : QueueContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteQueueTests(SqliteFixture sqlite) : QueueContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
