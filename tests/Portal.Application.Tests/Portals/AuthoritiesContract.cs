using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.KeyManagement;
using Portal.Application.Mailboxes;
using Portal.Application.Tests.Database;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Further authorities of one's own, one below somebody else's root, and everybody's certificates from another.</summary>
public abstract class AuthoritiesContract : DatabaseTest
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private OutsideRoot _root = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, ("Portal:PublicAddress", "https://mail.example.org"));
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test");
        _root = await OutsideRoot.MakeAsync();
    }

    private protected override async ValueTask EndAsync()
    {
        _root?.Dispose();
        await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private Authorities Authorities => _portal.Get<Authorities>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_further_authority_issues_once_it_is_chosen_and_everybody_can_have_certificates_of_it(bool withRoot)
    {
        var before = await IssuingAsync();
        var created = Assert.IsType<AuthorityChange.Done>(await Authorities.CreateAsync(_alice.Account, "Second CA", "local", withRoot, Never)).Authority;
        Assert.Equal((before, 4), (await IssuingAsync(), (await ViewAsync(before)).People));
        Assert.Equal("Second CA", (await ViewAsync(created)).Name);
        Assert.IsType<AuthorityChange.Done>(await Authorities.UseAsync(_alice.Account, created, Never));
        await _portal.WorkOffAsync();
        await using (var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never))
        {
            Assert.True(await db.Certificates.AnyAsync(one => one.IssuerId == created && one.Kind == CertificateKind.OcspResponder));
            Assert.True(await db.RevocationLists.AnyAsync(one => one.AuthorityId == created));
        }

        await Authorities.ReissueAsync(_alice.Account, Never);
        await _portal.WorkOffAsync();

        Assert.Equal((0, 4), ((await ViewAsync(before)).People, (await ViewAsync(created)).People));
        Assert.Equal(MessageVerdict.SignedValid, (await ExchangeAsync()).Verdict);
        Assert.IsType<AuthorityChange.Done>(await Authorities.UseAsync(_alice.Account, before, Never));
        Assert.Equal(before, await IssuingAsync());
        Assert.IsType<AuthorityChange.NotPossible>(await Authorities.UseAsync(_alice.Account, new CertificateId(Guid.NewGuid()), Never));
        Assert.IsType<AuthorityChange.Refused>(await Authorities.CreateAsync(_alice.Account, " ", "local", withRoot: false, Never));
        Assert.IsType<AuthorityChange.Refused>(await Authorities.CreateAsync(_alice.Account, "Third", "nowhere", withRoot: false, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Authorities.ReissueAsync(_bob.Account, Never));
    }

    [Fact]
    public async Task One_below_an_outside_root_issues_what_openssl_follows_up_to_that_root()
    {
        var id = Assert.IsType<AuthorityChange.Done>(await Authorities.RequestAsync(_alice.Account, "Clinic CA", "local", Never)).Authority;
        Assert.Equal((CertificateCondition.Requested, "Clinic CA"), ((await ViewAsync(id)).Condition, (await ViewAsync(id)).Name));
        var request = (await Authorities.RequestFileAsync(_alice.Account, id, Never))!;
        Assert.Contains("verify OK", (await OpenSsl.RunAsync(Encoding.ASCII.GetBytes(request), "req", "-verify", "-noout")).Words, StringComparison.Ordinal);

        var signed = await _root.SignAsync(request, "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n");
        var chain = Encoding.ASCII.GetBytes(signed + _root.Pem);
        Assert.Equal(AuthorityAnswer.Taken, await Authorities.AnswerAsync(_alice.Account, id, chain, Never));
        Assert.Null(await Authorities.RequestFileAsync(_alice.Account, id, Never));
        Assert.Equal(AuthorityAnswer.NotWaiting, await Authorities.AnswerAsync(_alice.Account, id, chain, Never));
        Assert.False((await ViewAsync(id)).IsIssuing);
        Assert.IsType<AuthorityChange.Done>(await Authorities.UseAsync(_alice.Account, id, Never));
        await Authorities.ReissueAsync(_alice.Account, Never);
        await _portal.WorkOffAsync();

        Assert.Equal((true, true, 4), ((await ViewAsync(id)).IsIssuing, (await ViewAsync(id)).IsBelowOther, (await ViewAsync(id)).People));
        var row = await ExchangeAsync();
        Assert.Equal(MessageVerdict.SignedValid, row.Verdict);
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        var newest = await db.Certificates.Where(one => one.IssuerId == id && one.Kind == CertificateKind.Signing).Select(one => one.Encoded!).FirstAsync();
        await File.WriteAllTextAsync(At("person.pem"), X509CertificateLoader.LoadCertificate(newest).ExportCertificatePem());
        await File.WriteAllTextAsync(At("issuing.pem"), signed);
        var verified = await OpenSsl.RunAsync([], "verify", "-x509_strict", "-purpose", "smimesign", "-CAfile", At("root.pem"), "-untrusted", At("issuing.pem"), At("person.pem"));
        Assert.Equal((0, string.Empty), (verified.ExitCode, verified.Words));
    }

    [Theory]
    [InlineData("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n", AuthorityAnswer.NotAnAuthority)]
    [InlineData("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n", AuthorityAnswer.NotAnAuthority)]
    [InlineData("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nextendedKeyUsage=serverAuth\n", AuthorityAnswer.NotForMail)]
    [InlineData("none", AuthorityAnswer.NoCertificate)]
    [InlineData("other", AuthorityAnswer.OtherKey)]
    [InlineData("alone", AuthorityAnswer.NoPath)]
    [InlineData("old", AuthorityAnswer.NotValidNow)]
    public async Task An_answer_that_does_not_do_says_why_and_the_request_goes_on_waiting(string what, AuthorityAnswer expected)
    {
        const string right = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
        var before = await IssuingAsync();
        var id = Assert.IsType<AuthorityChange.Done>(await Authorities.RequestAsync(_alice.Account, "Clinic CA", "local", Never)).Authority;
        var (request, root) = ((await Authorities.RequestFileAsync(_alice.Account, id, Never))!, _root.Pem);
        var file = what switch
        {
            "none" => "no certificate",
            "other" => root,
            "alone" => await _root.SignAsync(request, right),
            "old" => await _root.SignAsync(request, right, ("20200101000000Z", "20210101000000Z")) + root,
            _ => await _root.SignAsync(request, what) + root,
        };

        Assert.Equal(expected, await Authorities.AnswerAsync(_alice.Account, id, Encoding.ASCII.GetBytes(file), Never));

        Assert.Equal((CertificateCondition.Requested, before), ((await ViewAsync(id)).Condition, await IssuingAsync()));
        Assert.Null(await Authorities.WithdrawAsync(_alice.Account, id, Never));
        Assert.DoesNotContain(await Authorities.ListAsync(_alice.Account, Never), one => one.Id == id);
        Assert.Equal(AuthorityAnswer.NotWaiting, await Authorities.AnswerAsync(_alice.Account, id, Encoding.ASCII.GetBytes(file), Never));
    }

    private string At(string name) => _root.At(name);

    private async Task<AuthorityView> ViewAsync(CertificateId id) => (await Authorities.ListAsync(_alice.Account, Never)).Single(one => one.Id == id);

    private async Task<CertificateId> IssuingAsync() => (await Authorities.ListAsync(_alice.Account, Never)).Single(one => one.IsIssuing).Id;

    private async Task<MessageRow> ExchangeAsync()
    {
        var subject = $"after {Guid.NewGuid():N}";
        await _portal.SendAsync(_bob, Mail.To("alice@example.test", subject));
        return await _portal.ReceiveAsync(_alice, subject);
    }
}

public sealed class PostgresAuthoritiesTests(PostgresFixture postgres) : AuthoritiesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteAuthoritiesTests(SqliteFixture sqlite) : AuthoritiesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
