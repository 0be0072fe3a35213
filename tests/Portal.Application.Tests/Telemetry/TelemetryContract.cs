using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Application.Compose;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Tests.Database;
using Portal.Application.Tests.Portals;
using Portal.Application.Work;

namespace Portal.Application.Tests.Telemetry;

/// <summary>What those who run the portal see of a message's way, and what they never see.</summary>
public abstract class TelemetryContract : IAsyncLifetime
{
    private const string Canary = "zebrafinch";
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private OrganisationId _organisation;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;

    private protected abstract Task<TestDatabase> NewDatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _database = await NewDatabaseAsync();
        _portal = await TestPortal.StartAsync(_database);
        _organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(_organisation, "alice@example.test");
        _bob = await _portal.EnrolAsync(_organisation, "bob@example.test");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_one_trace_from_sending_to_being_opened()
    {
        using var heard = new Heard(_portal);

        var copy = await _portal.SendAsync(_alice, Mail.To("bob@example.test", "traced"));
        var row = await ReceiveAsync(copy, "traced");

        var sent = heard.Spans.Single(span => span.Name == "portal.send" && span.Tags["portal.message"] == copy.ToString());
        Assert.Equal("Accepted", sent.Tags["portal.outcome"]);
        var trace = heard.Spans.Where(span => span.Trace == sent.Trace).ToList();
        Assert.Equal(
            ["portal.deliver", "portal.open", "portal.post", "portal.protect", "portal.send", "portal.work", "portal.work"],
            trace.Select(span => span.Name).Where(name => name != "portal.key_store").Order());
        Assert.Equal(["Dispatch", "OpenArrival"], trace.Where(span => span.Name == "portal.work").Select(span => span.Tags["portal.work.kind"]).Order());
        Assert.Equal(["Sign", "Unwrap"], trace.Where(span => span.Name == "portal.key_store").Select(span => span.Tags["portal.key_store.operation"]).Distinct().Order());
        var opened = trace.Single(span => span.Name == "portal.open").Tags;
        Assert.Equal(
            (row.Id.ToString(), _organisation.ToString(), "SignedValid", "True"),
            (opened["portal.message"], opened["portal.organisation"], opened["portal.verdict"], opened["portal.encrypted"]));
        Assert.All(trace.Where(span => span.Name != "portal.key_store"), span => Assert.Equal(_organisation.ToString(), span.Tags["portal.organisation"]));
    }

    [Fact]
    public async Task A_message_is_counted_at_each_step()
    {
        using var heard = new Heard(_portal);

        var copy = await _portal.SendAsync(_alice, Mail.To("bob@example.test", "counted"));
        await ReceiveAsync(copy, "counted");

        Assert.Equal(1, heard.Count("portal.arrivals", "route=Inside"));
        Assert.Equal(1, heard.Count("portal.deliveries", "outcome=Sent"));
        Assert.Equal(1, heard.Count("portal.messages.opened", "verdict=SignedValid state=Opened encrypted=True"));
        Assert.Equal(1, heard.Timed("portal.key_store.duration", "store=local operation=Sign outcome=Answered"));
        Assert.Equal(1, heard.Timed("portal.work.duration", "kind=Dispatch outcome=Done"));
        Assert.Equal(1, heard.Timed("portal.work.duration", "kind=OpenArrival outcome=Done"));
    }

    [Fact]
    public async Task What_waits_is_counted_by_kind_and_its_age_is_known()
    {
        using var heard = new Heard(_portal);
        var reading = _portal.Get<IEnumerable<IHostedService>>().OfType<BacklogReading>().Single();
        var copy = await _portal.SendAsync(_alice, Mail.To("bob@example.test", "waiting"));
        await Task.Delay(50);

        await reading.ReadAsync(CancellationToken.None);
        var items = heard.Look("portal.work.items");
        var ages = heard.Look("portal.work.oldest_age");
        await ReceiveAsync(copy, "waiting");
        await reading.ReadAsync(CancellationToken.None);
        var after = heard.Look("portal.work.items");

        Assert.Equal((1, 0), (items["kind=Dispatch state=Due"], after["kind=Dispatch state=Due"]));
        Assert.Equal((1, 1), (items["kind=SignRevocationList state=Later"], after["kind=SignRevocationList state=Later"]));
        Assert.InRange(ages["kind=Dispatch"], 0.05, 60);
        Assert.Equal(0, ages["kind=OpenArrival"]);
        Assert.Equal(0, heard.Look("portal.work.oldest_age")["kind=Dispatch"]);
    }

    [Fact]
    public async Task What_is_being_worked_on_is_told_apart_from_what_waits()
    {
        using var heard = new Heard(_portal);
        var reading = _portal.Get<IEnumerable<IHostedService>>().OfType<BacklogReading>().Single();
        await _portal.SendAsync(_alice, Mail.To("bob@example.test", "leased"));
        await _portal.Get<IWorkClaims>().ClaimAsync(10, TimeSpan.FromMinutes(5), CancellationToken.None);

        await reading.ReadAsync(CancellationToken.None);
        var items = heard.Look("portal.work.items");

        Assert.Equal((0, 1), (items["kind=Dispatch state=Due"], items["kind=Dispatch state=Leased"]));
    }

    [Fact]
    public async Task A_key_store_that_is_away_is_seen_as_that()
    {
        using var heard = new Heard(_portal);
        var draft = await _portal.WriteAsync(_alice, Mail.To("bob@example.test", "away"));
        _portal.KeyStores.IsUnplugged = true;

        Assert.Equal(SendProblem.KeyUnavailable, Assert.IsType<SendOutcome.Refused>(await _portal.SendAsync(_alice, draft)).Problem);

        Assert.Equal(1, heard.Timed("portal.key_store.duration", "store=local operation=Sign outcome=Unavailable"));
        var sent = heard.Spans.Single(span => span.Name == "portal.send" && span.Tags["portal.draft"] == draft.ToString());
        Assert.Equal("KeyUnavailable", sent.Tags["portal.outcome"]);
        var asked = heard.Spans.Single(span => span.Trace == sent.Trace && span.Name == "portal.key_store");
        Assert.Equal("Unavailable", asked.Tags["error.type"]);
    }

    [Fact]
    public async Task Neither_spans_nor_figures_say_who_wrote_or_what()
    {
        using var heard = new Heard(_portal);
        var copy = await _portal.SendAsync(_alice, Mail.To($"bob@example.test", $"{Canary} subject", $"{Canary} body"));
        await ReceiveAsync(copy, $"{Canary} subject");
        await _portal.SendAsync(_alice, await _portal.WriteAsync(_alice, Mail.To($"{Canary}@outside.test", Canary)));
        await _portal.ArriveAsync(_bob, Mail.Raw($"From: {Canary} <{Canary}@outside.test>\nSubject: {Canary}\nContent-Type: application/pkcs7-mime; smime-type={Canary}\n\n{Canary}"));
        await _portal.WorkUntilAsync(async () => (await _portal.ListAsync(_bob)).All(one => one.State != MessageState.Arrived));

        var said = heard.Spans.Where(IsOurs).Select(span => span.Everything).Concat(heard.Values.Select(value => value.Tags)).ToList();
        Assert.True(said.Count > 20, "Nothing was heard.");
        Assert.All(said, words =>
        {
            Assert.DoesNotContain(Canary, words, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("@", words, StringComparison.Ordinal);
            Assert.DoesNotContain(".test", words, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("alice", words, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public void Work_carries_a_trace_only_where_one_is_recorded()
    {
        using var span = new Activity("somebody's").SetIdFormat(ActivityIdFormat.W3C).Start();
        Assert.Null(Application.Telemetry.Spans.TraceParent);
        span.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        Assert.Equal(span.Id, Application.Telemetry.Spans.TraceParent);
    }

    private bool IsOurs(HeardSpan span) => span.Tags.GetValueOrDefault("portal.organisation") == _organisation.ToString() || span.Name == "portal.key_store";

    private async Task<MessageRow> ReceiveAsync(StoredMessageId copy, string subject)
    {
        var row = await _portal.ReceiveAsync(_bob, subject);
        await _portal.WorkUntilAsync(async () => (await _portal.OpenAsync(_alice, copy)).Deliveries.All(one => one.State == DeliveryState.Sent));
        return row;
    }
}

public sealed class TelemetryOnPostgresTests(PostgresFixture server) : TelemetryContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => server.NewAsync();
}

public sealed class TelemetryOnSqliteTests(SqliteFixture files) : TelemetryContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => files.NewAsync();
}
