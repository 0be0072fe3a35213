using Portal.Application.Certificates;
using Portal.Application.Tests.Database;
using Portal.Application.Trust;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What a certificate has protected is counted: our own people's signing and opening, others' signatures, what was encrypted for them.</summary>
public abstract class CertificateUsesContract : DatabaseTest
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly TestAuthority _authority = new("Outside");
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db);
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test");
        await _portal.AllowAsync(organisation, signedOnly: true, unprotected: true);
        Assert.IsType<TrustAdding.Added>(await _portal.Get<ForeignAuthorities>().AddAsync(
            _alice.Account, _authority.CertificateBytes, null, new TrustTerms(TrustPurpose.Both, RevocationRequired: false, []), Never));
    }

    private protected override ValueTask EndAsync()
    {
        _authority.Dispose();
        return _portal?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Each_message_counts_once_for_each_certificate_that_protects_it()
    {
        var carol = _authority.Issue("carol@outside.test");
        var began = TimeProvider.System.GetUtcNow();
        await _portal.SendAsync(_bob, Mail.To("alice@example.test", "to a colleague"));
        await _portal.ReceiveAsync(_alice, "to a colleague");
        await _portal.ArriveAsync(_alice, ForeignMail.Message("carol@outside.test", "alice@example.test", "from outside", await ForeignMail.SignAsync(ForeignMail.Text("Signed."), carol)));
        await _portal.ReceiveAsync(_alice, "from outside");
        await _portal.ArriveAsync(_alice, ForeignMail.Message("carol@outside.test", "alice@example.test", "again", await ForeignMail.SignAsync(ForeignMail.Text("Signed too."), carol)));
        await _portal.ReceiveAsync(_alice, "again");
        await _portal.SendAsync(_alice, Mail.To("carol@outside.test", "to the outside"));
        await _portal.SendAsync(_alice, Mail.To("bob@example.test", "in the open") with { Protect = false });
        await _portal.ReceiveAsync(_bob, "in the open");

        Assert.Equal((1, 0), await OfAsync("bob@example.test", CertificateKind.Signing));
        Assert.Equal((0, 0), await OfAsync("bob@example.test", CertificateKind.Encryption));
        Assert.Equal((0, 1), await OfAsync("alice@example.test", CertificateKind.Encryption));
        Assert.Equal((1, 0), await OfAsync("alice@example.test", CertificateKind.Signing));
        Assert.Equal((2, 1), await OfAsync("carol@outside.test", CertificateKind.Correspondent));
        var uses = await UsesAsync("carol@outside.test", CertificateKind.Correspondent);
        Assert.InRange(uses.First!.Value, began.AddSeconds(-1), uses.Last!.Value);
        Assert.Null((await UsesAsync("bob@example.test", CertificateKind.Encryption)).First);
    }

    private async Task<(int Signed, int Encrypted)> OfAsync(string address, CertificateKind kind) =>
        await UsesAsync(address, kind) is { } uses ? (uses.MessagesSigned, uses.MessagesEncrypted) : default;

    private async Task<CertificateUse> UsesAsync(string address, CertificateKind kind)
    {
        var desk = _portal.Get<CertificateDesk>();
        var row = Assert.Single((await desk.ListAsync(_alice.Account, new CertificateFilter(Words: address, Kind: kind), null, Never)).Rows);
        return (await desk.FindAsync(_alice.Account, row.Id, Never))!.Uses;
    }
}

public sealed class PostgresCertificateUsesTests(PostgresFixture postgres) : CertificateUsesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteCertificateUsesTests(SqliteFixture sqlite) : CertificateUsesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
