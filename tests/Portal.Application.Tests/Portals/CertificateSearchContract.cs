using Portal.Application.Certificates;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>A certificate is found by what people know of it.</summary>
public abstract class CertificateSearchContract : DatabaseTest
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db);
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        await _portal.EnrolAsync(organisation, "bob@example.test");
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task By_the_beginning_of_its_serial_number_however_it_is_written()
    {
        var bobs = (await FindAsync("bob@example.test"))[0];
        var number = bobs.SerialNumber;
        var colons = string.Join(':', number.Chunk(2).Select(pair => new string(pair)));
        foreach (var written in (string[])[number, number.ToLowerInvariant(), colons, number[..12], colons.ToLowerInvariant()[..20]])
        {
            Assert.Equal(bobs.Id, Assert.Single(await FindAsync(written)).Id);
        }

        Assert.Contains(await FindAsync(number[..4]), one => one.Id == bobs.Id);
        Assert.Empty(await FindAsync(number[1..]));
    }

    [Fact]
    public async Task By_address_holder_or_authority()
    {
        var all = await FindAsync(string.Empty);
        Assert.Equal(2, (await FindAsync("BOB@exam")).Count);
        Assert.Equal(2, (await FindAsync(all.First(one => one.Address == "bob@example.test").Holder!)).Count);
        Assert.Equal(4, (await FindAsync("mail CA")).Count(one => one.Address is not null));
        Assert.Empty(await FindAsync("nobody"));
    }

    private async Task<IReadOnlyList<CertificateRow>> FindAsync(string words) =>
        (await _portal.Get<CertificateDesk>().ListAsync(_alice.Account, new CertificateFilter(Words: words), null, Never)).Rows;
}

public sealed class PostgresCertificateSearchTests(PostgresFixture postgres) : CertificateSearchContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteCertificateSearchTests(SqliteFixture sqlite) : CertificateSearchContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
