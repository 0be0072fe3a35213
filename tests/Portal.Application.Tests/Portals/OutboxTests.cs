using Microsoft.EntityFrameworkCore;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Tests.Database;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What the outbox does when the next mail server goes wrong.</summary>
public sealed class OutboxTests(PostgresFixture server) : IAsyncLifetime
{
    private readonly FaultySmtpSink _sink = new();
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.NewAsync();
        _portal = await TestPortal.StartAsync(_database, Relay());
        var organisation = await _portal.FoundAsync("example.test");
        await _portal.AllowAsync(organisation, signedOnly: true, unprotected: true);
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test");
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task Each_recipient_has_an_outcome_of_its_own()
    {
        _sink.AnswerRecipient = address => address.StartsWith("gone", StringComparison.Ordinal) ? "550 5.1.1 no such mailbox" : "250 OK";
        var copy = await SendAsync("one@outside.test, gone@outside.test, two@outside.test");

        await UntilSettledAsync(copy);

        var deliveries = (await _portal.OpenAsync(_alice, copy)).Deliveries.ToDictionary(one => one.Address);
        Assert.Equal(DeliveryState.Sent, deliveries["one@outside.test"].State);
        Assert.Equal(DeliveryState.Sent, deliveries["two@outside.test"].State);
        Assert.Equal(DeliveryState.Failed, deliveries["gone@outside.test"].State);
        Assert.Equal("550 5.1.1 no such mailbox", deliveries["gone@outside.test"].ServerAnswer);
        Assert.Equal(["one@outside.test", "two@outside.test"], Assert.Single(_sink.Received).Recipients.Order());
    }

    [Fact]
    public async Task A_failure_comes_back_as_a_notice_that_is_never_answered()
    {
        _sink.AnswerRecipient = _ => "550 5.7.1 not from you";
        await SendAsync("gone@outside.test");

        var notice = await _portal.ReceiveAsync(_alice, "Not delivered: To the outside");

        var body = await _portal.BodyAsync(_alice, notice.Id);
        Assert.Contains("gone@outside.test", body, StringComparison.Ordinal);
        Assert.Contains("550 5.7.1 not from you", body, StringComparison.Ordinal);
        Assert.Empty(_sink.Received);
    }

    [Fact]
    public async Task A_failure_is_told_in_the_senders_language()
    {
        await using (var db = await _portal.Database.WriteAsync(_alice.Account.Organisation, CancellationToken.None))
        {
            (await db.Accounts.SingleAsync(one => one.NormalisedEmail == "alice@example.test")).Prefer("de", null, null);
            await db.CommitAsync(CancellationToken.None);
        }

        _sink.AnswerRecipient = _ => "550 5.7.1 not from you";
        await SendAsync("gone@outside.test");

        var notice = await _portal.ReceiveAsync(_alice, "Nicht zugestellt: To the outside");

        Assert.Contains("konnte nicht zugestellt werden", await _portal.BodyAsync(_alice, notice.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_deferred_is_tried_again_with_the_same_bytes()
    {
        _sink.AnswerMessage = "451 4.3.0 later";
        var copy = await SendAsync("one@outside.test");
        await _portal.WorkUntilAsync(async () =>
            (await _portal.OpenAsync(_alice, copy)).Deliveries.Single() is { State: DeliveryState.Postponed, NextAttemptAt: not null, ServerAnswer: "451 4.3.0 later" });

        _sink.AnswerMessage = "250 taken";
        await UntilSettledAsync(copy);

        var taken = Assert.Single(_sink.Received);
        await using var db = await _portal.Database.ReadAsync(_alice.Account.Organisation, CancellationToken.None);
        var stored = await db.OutboxMessages.SingleAsync(one => one.SentCopyId == copy);
        Assert.Equal(stored.ContentSha256, System.Security.Cryptography.SHA256.HashData(taken.Content));
        Assert.Equal("alice@example.test", taken.From);
    }

    [Fact]
    public async Task A_connection_lost_after_the_final_dot_costs_one_identical_copy()
    {
        _sink.DropAfterFinalDot(1);
        var copy = await SendAsync("one@outside.test");

        await UntilSettledAsync(copy);

        Assert.Equal(2, _sink.Received.Count);
        Assert.Equal(_sink.Received[0].Content, _sink.Received[1].Content);
        await using var db = await _portal.Database.ReadAsync(_alice.Account.Organisation, CancellationToken.None);
        Assert.True((await db.Deliveries.SingleAsync()).PossibleDuplicate);
        Assert.Equal(DeliveryState.Sent, (await _portal.OpenAsync(_alice, copy)).Deliveries.Single().State);
    }

    [Fact]
    public async Task A_server_that_is_down_is_said_in_words_and_tried_again()
    {
        await using var away = await _portal.AnotherNodeAsync([.. Relay()[..3], ("Portal:Transport:RelayPort", "1")]);
        var copy = await SendAsync("one@outside.test");
        await away.WorkUntilAsync(async () => (await _portal.OpenAsync(_alice, copy)).Deliveries.Single().State == DeliveryState.Postponed);
        Assert.Equal("Nothing listens at that host and port.", (await _portal.OpenAsync(_alice, copy)).Deliveries.Single().ServerAnswer);

        await UntilSettledAsync(copy);
        Assert.Single(_sink.Received);
    }

    [Fact]
    public async Task Two_workers_at_once_send_every_message_once()
    {
        await using var other = await _portal.AnotherNodeAsync(Relay());
        var copies = new List<StoredMessageId>();
        for (var i = 0; i < 20; i++)
        {
            copies.Add(await SendAsync($"recipient{i}@outside.test"));
        }

        await Task.WhenAll(
            _portal.WorkUntilAsync(async () => _sink.Received.Count >= 20 && await AllSentAsync(copies)),
            other.WorkUntilAsync(() => Task.FromResult(_sink.Received.Count >= 20)));

        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => $"recipient{i}@outside.test").Order(),
            _sink.Received.Select(one => one.Recipients.Single()).Order());
    }

    [Fact]
    public async Task Work_whose_node_was_killed_goes_on_elsewhere_and_says_that_it_may_be_a_copy()
    {
        var copy = await SendAsync("one@outside.test");
        await using (var db = await _portal.Database.WriteAsync(_alice.Account.Organisation, CancellationToken.None))
        {
            // As a node leaves it that was killed while sending.
            db.Deliveries.Single().Begin(TimeProvider.System.GetUtcNow());
            await db.CommitAsync(CancellationToken.None);
        }

        await UntilSettledAsync(copy);

        await using var after = await _portal.Database.ReadAsync(_alice.Account.Organisation, CancellationToken.None);
        Assert.True((await after.Deliveries.SingleAsync()).PossibleDuplicate);
        Assert.Contains("possibleDuplicate", (await after.AuditEntries.OrderBy(one => one.Sequence).LastAsync()).Detail, StringComparison.Ordinal);
    }

    private (string, string)[] Relay() =>
    [
        ("Portal:Transport:Kind", "Smtp"),
        ("Portal:Transport:RelayHost", "127.0.0.1"),
        ("Portal:Transport:RelayTls", "None"),
        ("Portal:Transport:RelayPort", $"{_sink.Port}"),
    ];

    private Task<StoredMessageId> SendAsync(string to) =>
        _portal.SendAsync(_alice, Mail.To(to, "To the outside") with { Protect = false });

    private Task UntilSettledAsync(StoredMessageId copy) => _portal.WorkUntilAsync(() => AllSettledAsync(copy));

    private async Task<bool> AllSettledAsync(StoredMessageId copy) =>
        (await _portal.OpenAsync(_alice, copy)).Deliveries.All(one => one.State is DeliveryState.Sent or DeliveryState.Failed);

    private async Task<bool> AllSentAsync(List<StoredMessageId> copies)
    {
        foreach (var copy in copies)
        {
            if (!await AllSettledAsync(copy))
            {
                return false;
            }
        }

        return true;
    }
}
