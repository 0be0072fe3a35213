using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyManagement;
using Portal.Application.Organisations;
using Portal.Application.Tests.Database;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Certificates for many while nodes are killed: every serial number that may have been signed is known, revocable, and there once.</summary>
public sealed class KilledIssuingTests(PostgresFixture server, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly (int People, int Kills) Size = Nightly.IsOn ? (1000, 100) : (100, 3);
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;

    private OrganisationId Organisation => _alice.Account.Organisation;

    public async ValueTask InitializeAsync()
    {
        _database = await server.NewAsync();
        _portal = await TestPortal.StartAsync(_database, ("Portal:Session:Idle", "06:00:00"));
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        var policies = _portal.Get<OrganisationPolicies>();
        await policies.ChangeAsync(_alice.Account, await policies.ReadAsync(Organisation, Never) with { EncryptionKeys = KeyAlgorithm.P256 }, Never);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Killed_nodes_leave_every_serial_number_known_and_revocable_and_everybody_with_one_pair_of_each_kind()
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("PORTAL_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : (ulong)TimeProvider.System.GetUtcNow().Ticks;
        output.WriteLine($"PORTAL_TEST_SEED={seed}");
        var addresses = await UncertifiedPeople.AddAsync(_portal, Organisation, Size.People);
        var file = Encoding.UTF8.GetBytes(string.Join('\n', addresses));
        var issuance = _portal.Get<Issuance>();
        var lists = 0;
        await using (var nodes = await KilledNodes.StartAsync(_portal, ["Worker", "Worker"], seed))
        {
            for (var kill = 0; kill < Size.Kills; kill++)
            {
                if (!(await issuance.ListAsync(_alice.Account, Never)).Any(one => one.State == IssuanceState.Running))
                {
                    await issuance.StartAsync(_alice.Account, file, lists++ == 0 ? IssuanceScope.Missing : IssuanceScope.Everybody, Never);
                }

                await nodes.KillOneAsync(TimeSpan.FromSeconds(0.7));
            }

            await nodes.AllRunAsync();
            var began = Stopwatch.GetTimestamp();
            while ((await issuance.ListAsync(_alice.Account, Never)).Any(one => one.State == IssuanceState.Running))
            {
                Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(3), "In three minutes it did not come to an end.");
                await Task.Delay(200, Never);
            }
        }

        var rows = await ReadAsync(db => db.Certificates.Where(one => one.IssuerId != null && one.OwnerId != null).ToListAsync());
        var unfinished = rows.Where(one => one.State == CertificateState.Intended).ToList();
        output.WriteLine($"{Size.Kills} kills, {lists} lists for {Size.People} people: {rows.Count} serial numbers, {unfinished.Count} of them begun and not ended");
        Assert.Equal(rows.Count, rows.Select(one => (one.IssuerId, one.SerialNumber)).Distinct().Count());
        Assert.All(rows.Where(one => one.State != CertificateState.Intended), one => Assert.Equal(one.SerialNumber, Loaded(one).SerialNumber));
        await EverybodyHasOnePairOfEachKindAsync();
        await NothingIsSignedThatIsNotOnRecordAsync();
        await TheUnfinishedCanBeRevokedAsync(unfinished);
        Assert.IsType<AuditChainState.Intact>(await _portal.Get<AuditVerification>().VerifyAsync(Organisation, [], Never));
    }

    private async Task EverybodyHasOnePairOfEachKindAsync()
    {
        var current = await ReadAsync(db => Authorities.Current(db, Organisation)
            .Where(one => one.OwnerId != _alice.Account.Account)
            .GroupBy(one => new { one.OwnerId, one.Kind })
            .Select(group => group.Count())
            .ToListAsync());
        Assert.Equal(Size.People * 2, current.Count);
        Assert.All(current, count => Assert.Equal(1, count));
    }

    /// <summary>The authority's key is asked only when all that it shall sign is committed.</summary>
    private async Task NothingIsSignedThatIsNotOnRecordAsync()
    {
        var entries = await ReadAsync(db => db.AuditEntries.OrderBy(one => one.Sequence).ToListAsync());
        var key = await ReadAsync(db => db.Certificates.Where(one => one.Kind == CertificateKind.IssuingAuthority).Select(one => one.KeyId).SingleAsync());
        var keyOf = await ReadAsync(db => db.Certificates.Where(one => one.OwnerId != null).ToDictionaryAsync(one => one.Id.Value, one => one.KeyId!.Value.Value));
        var made = entries.Where(one => one.Action == AuditAction.KeyCreated).ToDictionary(one => one.Subject!.Value, one => one.Sequence);
        var asked = entries.Where(one => one.Action == AuditAction.KeyUseRequested && one.Subject == key!.Value.Value).Select(one => one.Sequence).ToList();
        var issued = entries.Where(one => one.Action == AuditAction.CertificateIssued && keyOf.ContainsKey(one.Subject!.Value)).ToList();
        Assert.True(issued.Count >= Size.People * 2);
        Assert.All(issued, one => Assert.Contains(asked, request => made[keyOf[one.Subject!.Value]] < request && request < one.Sequence));
    }

    private async Task TheUnfinishedCanBeRevokedAsync(List<Certificate> unfinished)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2));
        await using var later = await _portal.AnotherNodeAsync(clock);
        await later.Get<CertificateRenewal>().EndUnfinishedAsync(Organisation, Never);
        await later.Get<RevocationLists>().PublishAsync(Organisation, Never);
        foreach (var one in unfinished)
        {
            var published = await later.Get<PublishedFiles>().RevocationListAsync(one.IssuerId!.Value, one.Partition!.Value, Never);
            Assert.True(RevocationList.TryParse(published!.Content, out var list));
            Assert.NotNull(list.Find(Convert.FromHexString(one.SerialNumber)));
        }
    }

    private static X509Certificate2 Loaded(Certificate row) => SharedCertificates.Load(row.Encoded!);

    private async Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> read)
    {
        await using var db = await _portal.Database.ReadAsync(Organisation, Never);
        return await read(db);
    }
}
