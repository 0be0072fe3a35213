using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Compose;
using Portal.Application.Outbox;
using Portal.Application.Tests.Database;
using Portal.Application.Trust;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Mail goes out over a real Postfix while nodes are killed as a power cut kills them.</summary>
public sealed class KilledNodesTests(PostgresFixture server, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly (int Messages, int Kills) Size = Nightly.IsOn ? (500, 300) : (100, 8);
    private readonly string _run = $"{Guid.NewGuid():N}"[..8];
    private readonly TestAuthority _authority = new("Somebody else's authority");
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;

    private OrganisationId Organisation => _alice.Account.Organisation;

    private string Carol => $"carol.{_run}@outside.test";

    public async ValueTask InitializeAsync()
    {
        _database = await server.NewAsync();
        // The long form lasts longer than a session that nobody uses.
        _portal = await TestPortal.StartAsync(_database, ("Portal:Session:Idle", "06:00:00"));
        var organisation = await _portal.FoundAsync("example.test");
        await _portal.AllowAsync(organisation, signedOnly: true, unprotected: true);
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test");
        await LearnCarolsCertificateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
        _authority.Dispose();
    }

    /// <summary>
    /// A copy is allowed only where the record says that an attempt had begun and its outcome was never recorded
    /// (`PossibleDuplicate`, in the audit entry too): the gap between the final dot and the commit, which SMTP leaves open (RFC 1047).
    /// </summary>
    [Fact]
    public async Task Killed_nodes_lose_no_message_change_none_and_double_only_what_they_had_no_answer_to()
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("PORTAL_TEST_SEED"), out var given) ? given : (ulong)TimeProvider.System.GetUtcNow().Ticks;
        output.WriteLine($"PORTAL_TEST_SEED={seed}");
        var began = Stopwatch.GetTimestamp();
        await using var nodes = await KilledNodes.StartAsync(_portal, ["Web", "Worker", "Worker"], seed);
        for (var kill = 0; kill < Size.Kills; kill++)
        {
            var (from, to) = (Size.Messages * kill / Size.Kills, Size.Messages * (kill + 1) / Size.Kills);
            await Task.WhenAll(
                nodes.KillOneAsync(TimeSpan.FromSeconds(0.7)),
                Parallel.ForEachAsync(Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (index, _) => await SendAsync(index)));
        }

        var queued = Stopwatch.GetElapsedTime(began);
        await nodes.AllRunAsync();
        await UntilAsync(async () => await ReadAsync(db => db.Deliveries.AllAsync(one => one.State == DeliveryState.Sent)), "everything is sent");
        var expected = await ExpectedAsync();
        var arrived = await ArrivedAsync(expected);
        output.WriteLine($"{nodes.Kills} kills in {queued.TotalSeconds:0} s, all {expected.Count} deliveries made after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");

        Assert.Equal(Size.Messages, expected.Select(one => one.Message).Distinct().Count());
        var doubles = expected.Where(one => arrived[one] > 1).ToList();
        output.WriteLine($"{doubles.Count} doubles; {expected.Count(one => one.Possible)} deliveries say that they may be one");
        Assert.All(doubles, one => Assert.True(one.Possible && arrived[one] <= one.Attempts, $"{one.Message} came {arrived[one]} times to {one.Address}, in {one.Attempts} attempts."));
        await InsideArrivedOnceAsync(expected.Count(one => one.Address == "bob@example.test"));
        Assert.IsType<AuditChainState.Intact>(await _portal.Get<AuditVerification>().VerifyAsync(Organisation, [], CancellationToken.None));
        await TheRecordSaysSoAsync(expected);
    }

    private sealed record Expected(OutboxMessageId Message, Guid Delivery, string Address, string Sha256, bool Possible, int Attempts);

    private async Task LearnCarolsCertificateAsync()
    {
        Assert.IsType<TrustAdding.Added>(await _portal.Get<ForeignAuthorities>().AddAsync(_alice.Account, _authority.CertificateBytes, null, new TrustTerms(TrustPurpose.Both, RevocationRequired: false, []), CancellationToken.None));
        var carol = _authority.Issue(Carol);
        await MailServers.AddUsersAsync([Carol, .. Enumerable.Range(0, 5).Select(Outside)]);
        var signed = await ForeignMail.SignAsync(ForeignMail.Text("Here is my certificate."), carol);
        await _portal.ArriveAsync(_alice, ForeignMail.Message(Carol, "alice@example.test", "certificate", signed));
        await _portal.ReceiveAsync(_alice, "certificate");
    }

    private string Outside(int index) => $"kill{index % 5}.{_run}@outside.test";

    private async Task SendAsync(int index)
    {
        var subject = $"Message {index}";
        var content = (index % 5) switch
        {
            0 => Mail.To($"{Carol}, bob@example.test", subject),
            1 => Mail.To($"{Outside(index)}, {Outside(index + 1)}, {Outside(index + 2)}", subject),
            _ => Mail.To(Outside(index), subject, string.Join('\n', Enumerable.Repeat(".a line\n\nFrom here\n", index))) with { Protect = false },
        };
        await _portal.SendAsync(_alice, content, UnencryptableChoice.SendSignedOnly);
    }

    private async Task<List<Expected>> ExpectedAsync()
    {
        using var key = await _portal.Get<DataKeys>().OfMailboxAsync(Organisation, _alice.Mailbox, CancellationToken.None);
        var rows = await ReadAsync(db => db.Deliveries
            .Join(db.OutboxMessages, one => one.OutboxMessageId, message => message.Id, (delivery, message) => new { delivery, message.ContentSha256, message.SentCopyId })
            .ToListAsync());
        return rows.ConvertAll(row => new Expected(
            new OutboxMessageId(row.SentCopyId!.Value.Value), row.delivery.Id.Value, row.delivery.Address(key), Convert.ToHexString(row.ContentSha256), row.delivery.PossibleDuplicate, row.delivery.Attempts));
    }

    /// <summary>Waits until each has come, byte for byte, and counts.</summary>
    private static async Task<Dictionary<Expected, int>> ArrivedAsync(List<Expected> expected)
    {
        var outside = expected.Where(one => one.Address != "bob@example.test").ToList();
        Dictionary<Expected, int> counted = [];
        await UntilAsync(
            () =>
            {
                var there = outside.Select(one => one.Address).Distinct().ToDictionary(address => address, address => ArrivedMail.Of(address).CountBy(sha256 => sha256).ToDictionary());
                counted = outside.ToDictionary(one => one, one => there[one.Address].GetValueOrDefault(one.Sha256));
                return Task.FromResult(counted.Values.All(count => count > 0));
            },
            "everything that was sent has come as it was stored");
        var known = outside.Select(one => (one.Address, one.Sha256)).ToHashSet();
        Assert.All(outside.Select(one => one.Address).Distinct(), address => Assert.All(ArrivedMail.Of(address), sha256 => Assert.Contains((address, sha256), known)));
        return expected.ToDictionary(one => one, one => counted.GetValueOrDefault(one, 1));
    }

    private async Task InsideArrivedOnceAsync(int count)
    {
        Assert.Equal(Size.Messages / 5, count);
        var tokens = await ReadAsync(db => db.Messages.Where(one => one.MailboxId == _bob.Mailbox).Select(one => one.ContentToken!).ToListAsync());
        Assert.Equal(count, tokens.Count);
        Assert.Equal(count, tokens.Select(Convert.ToHexString).Distinct().Count());
    }

    private async Task TheRecordSaysSoAsync(List<Expected> expected)
    {
        var completed = await ReadAsync(db => db.AuditEntries.Where(one => one.Action == AuditAction.DeliveryCompleted).ToListAsync());
        Assert.Equal(expected.Select(one => one.Delivery).Order(), completed.Select(one => one.Subject!.Value).Order());
        var possible = completed.Where(one => one.Detail.Contains("possibleDuplicate", StringComparison.Ordinal)).Select(one => one.Subject!.Value);
        Assert.Equal(expected.Where(one => one.Possible).Select(one => one.Delivery).Order(), possible.Order());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2), $"In two minutes it did not come to this: {what}");
            await Task.Delay(200);
        }
    }

    private async Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> read)
    {
        await using var db = await _portal.Database.ReadAsync(Organisation, CancellationToken.None);
        return await read(db);
    }
}
