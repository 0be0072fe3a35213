using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.KeyManagement;
using Portal.Application.Mailboxes;
using Portal.Application.Tests.Database;
using Portal.Application.Work;
using Portal.Testing.KeyVault;

namespace Portal.Application.Tests.Portals;

/// <summary>A vault that does not do as it should: mail goes its way all the same, and nothing is asked more often than it has to be.</summary>
public sealed class VaultFaultTests(PostgresFixture server) : IAsyncLifetime
{
    private const int Looks = 3;
    private const int Messages = 6;

    /// <summary>Enough for a circuit to open.</summary>
    private const int ManyMessages = 10;

    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private TestDatabase _database = null!;
    private KeyVaultServer _vault = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;
    private int _calls;

    public async ValueTask InitializeAsync()
    {
        _database = await server.NewAsync();
        _vault = await KeyVaultServer.StartAsync();
        _portal = await TestPortal.StartAsync(_database, _clock, [.. _vault.Settings("vault"), ("Portal:KeyStores:Default", "vault")]);
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test");
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _vault.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Throttled_every_second_time()
    {
        var operations = await ExchangeAsync(_ => Interlocked.Increment(ref _calls) % 2 == 1 ? new VaultFault(429) { RetryAfter = 1 } : null);

        AtMost(operations, 0.5);
        foreach (var tries in operations.GroupBy(one => one.Id).Select(call => call.OrderBy(one => one.At).ToList()))
        {
            for (var index = 1; index < tries.Count; index++)
            {
                var waited = tries[index].At - tries[index - 1].AnsweredAt;
                Assert.True(tries[index - 1].Status == 429 && waited >= TimeSpan.FromSeconds(1), $"{waited} after {tries[index - 1].Status}");
            }
        }
    }

    [Fact]
    public async Task Failing_every_third_time() =>
        AtMost(await ExchangeAsync(_ => Interlocked.Increment(ref _calls) % 3 == 1 ? new VaultFault(500) : null), 1 / 3d);

    [Fact]
    public async Task Two_seconds_late() => AtMost(await ExchangeAsync(_ => new VaultFault(0) { Delay = TimeSpan.FromSeconds(2) }), 0);

    [Fact]
    public async Task Silent_now_and_then() =>
        AtMost(await ExchangeAsync(_ => Interlocked.Increment(ref _calls) % 4 == 1 ? new VaultFault(0) { Hangs = true } : null), 1 / 4d);

    [Fact]
    public async Task Flickering_while_the_data_key_is_not_at_hand()
    {
        await WarmAsync();
        await _portal.WorkOffAsync();
        await _portal.ArriveAsync(_bob, Portal.Testing.ForeignMail.Message("x@outside.test", "bob@example.test", "Faultless", Portal.Testing.ForeignMail.Text("Fine.")));
        _clock.Advance(TimeSpan.FromMinutes(16));

        // Three times in a row, with all tries of each.
        _vault.Fault = request => IsOperation(request.Path) && Interlocked.Increment(ref _calls) <= 12 ? new VaultFault(503) : null;
        for (var look = 0; look < 4; look++)
        {
            await DueAsync();
            await _portal.WorkOffAsync();
        }

        _vault.Fault = null;
        await DueAsync();
        Assert.Equal(MessageState.Opened, (await _portal.ReceiveAsync(_bob, "Faultless")).State);
    }

    [Fact]
    public async Task Away_for_ten_minutes()
    {
        await WarmAsync();
        var before = _vault.Requests.Count;
        var earlier = await _portal.SendAsync(_alice, Mail.To("bob@example.test", "Arrived before"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        _vault.Fault = _ => new VaultFault(503);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, ManyMessages).Select(number => SendAsync(number)));
        Assert.All(outcomes, outcome => Assert.IsType<SendOutcome.Waits>(outcome));
        for (var look = 0; look < Looks; look++)
        {
            await DueAsync();
            await _portal.WorkOffAsync();
            _clock.Advance(TimeSpan.FromMinutes(10) / Looks);
        }

        var row = Assert.Single(await _portal.ListAsync(_bob), one => one.State == MessageState.Arrived);
        Assert.Equal(WaitReason.KeyStoreAway, Assert.IsType<MessageOpening.Waiting>(await _portal.Get<MessageReading>().OpenAsync(_bob.Account, row.Id, Never)).Reason);
        var told = Assert.Single(await _portal.Get<KeyDesk>().StoresAsync(_alice.Account, Never), store => store.Name == "vault");
        Assert.True(told.Failed >= 10 && told.LastFailure is { Length: > 0 }, $"{told.Failed} of {told.Asked}: {told.LastFailure}");
        Assert.False((await _portal.Get<KeyDesk>().AskAsync(_alice.Account, "vault", Never)).Answers);

        // Once each until the circuit opens, and then one that looks each time; four tries for a call.
        var attempts = Operations(before).Count(one => one.Status == 503);
        Assert.True(attempts <= 4 * (ManyMessages + 1 + Looks), $"{attempts} attempts");

        _vault.Fault = null;
        await DrainedAsync(ManyMessages + 1);
        Assert.NotEqual(default, earlier);
        Assert.Equal(ManyMessages + 1, Operations(before).Count(one => one.Path.EndsWith("/sign", StringComparison.Ordinal) && one.Status == 200));
        Assert.Equal(ManyMessages + 1, Operations(before).Count(one => one.Path.EndsWith("/unwrapkey", StringComparison.Ordinal) && one.Status == 200));
    }

    /// <summary>Sends and receives while the vault does that.</summary>
    private async Task<List<VaultRequest>> ExchangeAsync(Func<string, VaultFault?> fault)
    {
        await WarmAsync();
        var before = _vault.Requests.Count;
        _vault.Fault = request => IsOperation(request.Path) ? fault(request.Path) : null;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Messages).Select(number => SendAsync(number)));
        Assert.All(outcomes, outcome => Assert.True(outcome is SendOutcome.Accepted or SendOutcome.Waits, $"{outcome}"));
        await DrainedAsync(Messages);

        var operations = Operations(before);
        Assert.Equal(Messages, operations.Count(one => one.Path.EndsWith("/sign", StringComparison.Ordinal) && one.Status == 200));
        Assert.Equal(Messages, operations.Count(one => one.Path.EndsWith("/unwrapkey", StringComparison.Ordinal) && one.Status == 200));
        return operations;
    }

    private static void AtMost(List<VaultRequest> operations, double faultRate) =>
        Assert.True(operations.Count <= 1.2 * 2 * Messages / (1 - faultRate), $"{operations.Count} attempts for {2 * Messages}");

    // The organisation's data key is unwrapped, and every page of code has run.
    private async Task WarmAsync()
    {
        await _portal.SendAsync(_alice, Mail.To("bob@example.test", "Warm"));
        await _portal.ReceiveAsync(_bob, "Warm");
    }

    private async Task<SendOutcome> SendAsync(int number) => await _portal.Get<Scheduling>().SendAsync(
        _alice.Account, await _portal.WriteAsync(_alice, Mail.To("bob@example.test", $"Number {number}")), UnencryptableChoice.Ask, [], null, Never);

    private async Task DrainedAsync(int messages)
    {
        await _portal.WorkUntilAsync(async () =>
        {
            await DueAsync();
            return (await _portal.ListAsync(_bob)).Count(row => row.State == MessageState.Opened && row.Subject != "Warm") == messages;
        });
        Assert.All(await _portal.ListAsync(_bob), row => Assert.Equal((true, MessageVerdict.SignedValid), (row.Encrypted, row.Verdict)));
        Assert.Equal(messages + 1, (await _portal.ListAsync(_alice, FolderKind.Sent)).Count);
    }

    // As if a minute had passed: what waits is due.
    private async Task DueAsync()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        await using var db = await _portal.Database.WriteAsync(_alice.Account.Organisation, Never);
        var now = await db.NowAsync(Never);
        await db.WorkItems
            .Where(one => (one.Kind == WorkKind.OpenArrival || one.Kind == WorkKind.SendScheduled || one.Kind == WorkKind.Dispatch) && one.DueAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, now));
        await db.CommitAsync(Never);
    }

    private List<VaultRequest> Operations(int before) => _vault.Requests.Skip(before).Where(one => IsOperation(one.Path) && one.Status != 401).ToList();

    private static bool IsOperation(string path) => path.EndsWith("/sign", StringComparison.Ordinal) || path.EndsWith("/unwrapkey", StringComparison.Ordinal);
}
