using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Approvals;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyManagement;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Tests.Database;
using Portal.Application.Trust;
using Portal.Smime.Keys;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Pairs from files: what was unreadable opens, and another authority's pair takes the place of ours.</summary>
public abstract class PairImportContract : DatabaseTest
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly TestAuthority _authority = new($"Authority {Guid.NewGuid():N}");
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db);
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test");
    }

    private protected override async ValueTask EndAsync()
    {
        _authority.Dispose();
        await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Old_mail_that_could_not_be_opened_opens_after_the_old_key_came()
    {
        var old = _authority.Issue("bob@former.test", validFrom: TimeProvider.System.GetUtcNow().AddYears(-2), validUntil: TimeProvider.System.GetUtcNow().AddYears(-1));
        var raw = ForeignMail.Message("carol@outside.test", "bob@example.test", "From long ago", await ForeignMail.EncryptAsync(ForeignMail.Text("Dear Bob."), old.CertificateFile));
        await _portal.ArriveAsync(_bob, raw);
        await _portal.WorkOffAsync();
        Assert.Equal(MessageState.Broken, Assert.Single(await _portal.ListAsync(_bob)).State);

        var done = Assert.IsType<PairImport.Done>(await ImportAsync(_bob, _bob, await old.Pkcs12Async()));

        Assert.Equal((CertificateKind.Encryption, ImportedState.Imported), (done.Pairs.Single().Kind, done.Pairs.Single().State));
        Assert.Equal(1, done.MessagesTriedAgain);
        await _portal.WorkOffAsync();
        var message = Assert.Single(await _portal.ListAsync(_bob));
        Assert.Contains("Dear Bob.", await _portal.BodyAsync(_bob, message.Id), StringComparison.Ordinal);

        // It is theirs only, opens only, and is in nobody's way.
        Assert.Equal(ImportedState.AlreadyThere, Assert.IsType<PairImport.Done>(await ImportAsync(_bob, _bob, await old.Pkcs12Async())).Pairs.Single().State);
        await _portal.SendAsync(_alice, Mail.To("bob@example.test", "New"));
        Assert.Equal(MessageVerdict.SignedValid, (await _portal.ReceiveAsync(_bob, "New")).Verdict);
        await _portal.SendAsync(_bob, Mail.To("alice@example.test", "Answer"));
        Assert.Equal(MessageVerdict.SignedValid, (await _portal.ReceiveAsync(_alice, "Answer")).Verdict);
        await using var db = await Db.Database.ReadAsync(_bob.Account.Organisation, Never);
        var row = await db.Certificates.SingleAsync(one => one.OwnerId == _bob.Account.Account && one.IssuerId == null);
        Assert.Null(row.Address);
        Assert.NotNull((await db.ManagedKeys.SingleAsync(one => one.Id == row.KeyId)).ReplacedAt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_interrupted_between_two_keys_is_made_good_by_the_same_file(bool isStopped)
    {
        var (first, second) = (_authority.Issue("bob@former.test"), _authority.Issue("bob@former.test"));
        await _portal.ArriveAsync(_bob, ForeignMail.Message("carol@outside.test", "bob@example.test", "Early", await ForeignMail.EncryptAsync(ForeignMail.Text("Dear Bob."), first.CertificateFile)));
        await _portal.WorkOffAsync();
        byte[][] files = [await first.Pkcs12Async(), await second.Pkcs12Async()];
        Task<PairImport> Import(int count = 2) => _portal.Get<PairImporting>().ImportAsync(_bob.Account, _bob.Account.Account, files[..count], "secret", ImportPurpose.OldMail, Never);
        var taken = 0;
        _portal.KeyStores.Importing = () =>
        {
            if (taken++ > 0)
            {
                throw isStopped ? new OperationCanceledException("The portal is stopped.") : new KeyStoreException(KeyStoreFailure.Unavailable, "Pulled out.");
            }
        };

        if (isStopped)
        {
            await Assert.ThrowsAsync<OperationCanceledException>(() => Import());
        }
        else
        {
            Assert.IsType<PairImport.StoreAway>(await Import());
        }

        _portal.KeyStores.Importing = () => { };
        Assert.Equal(ImportedState.AlreadyThere, Assert.IsType<PairImport.Done>(await Import(1)).Pairs.Single().State);
        await _portal.WorkOffAsync();

        Assert.Contains("Dear Bob.", await _portal.BodyAsync(_bob, Assert.Single(await _portal.ListAsync(_bob)).Id), StringComparison.Ordinal);
        Assert.Equal([ImportedState.AlreadyThere, ImportedState.Imported], Assert.IsType<PairImport.Done>(await Import()).Pairs.Select(one => one.State));
        await using var db = await Db.Database.ReadAsync(_bob.Account.Organisation, Never);
        Assert.Equal(2, await db.Certificates.CountAsync(one => one.OwnerId == _bob.Account.Account && one.IssuerId == null));
    }

    [Fact]
    public async Task A_pair_of_a_trusted_authority_takes_the_place_of_ours()
    {
        var pair = _authority.Issue("bob@example.test");
        var file = await pair.Pkcs12Async();
        Assert.Equal(ImportedState.NotTrusted, Assert.IsType<PairImport.Done>(await ImportAsync(_alice, _bob, file, ImportPurpose.NewMail)).Pairs.Single().State);
        Assert.IsType<TrustAdding.Added>(await _portal.Get<ForeignAuthorities>().AddAsync(
            _alice.Account, _authority.CertificateBytes, null, new TrustTerms(TrustPurpose.Both, RevocationRequired: false, []), Never));

        var done = Assert.IsType<PairImport.Done>(await ImportAsync(_alice, _bob, file, ImportPurpose.NewMail));

        Assert.Equal([CertificateKind.Signing, CertificateKind.Encryption], done.Pairs.Select(one => one.Kind!.Value));
        var sent = await _portal.SendAsync(_bob, Mail.To("alice@example.test", "Signed by another"));
        var row = await _portal.ReceiveAsync(_alice, "Signed by another");
        var signer = (await _portal.OpenAsync(_alice, row.Id)).Verdict.Signers.Single();
        Assert.Equal(MessageVerdict.SignedValid, row.Verdict);
        Assert.Equal(pair.Certificate.SerialNumber, signer.SerialNumber);
        await _portal.SendAsync(_alice, Mail.To("bob@example.test", "Encrypted for another"));
        Assert.Equal(MessageState.Opened, (await _portal.ReceiveAsync(_bob, "Encrypted for another")).State);
        await using var db = await Db.Database.ReadAsync(_bob.Account.Organisation, Never);
        Assert.Equal(2, await db.ManagedKeys.CountAsync(one => one.OwnerId == _bob.Account.Account && one.ReplacedAt == null));

        // Nobody but that authority renews it.
        Assert.Equal(0, await _portal.Get<CertificateRenewal>().RenewAsync(_bob.Account.Organisation, Never));
        Assert.NotEqual(default, sent);
    }

    [Fact]
    public async Task What_does_not_fit_is_said_and_not_imported()
    {
        Assert.IsType<TrustAdding.Added>(await _portal.Get<ForeignAuthorities>().AddAsync(
            _alice.Account, _authority.CertificateBytes, null, new TrustTerms(TrustPurpose.Both, RevocationRequired: false, []), Never));
        var now = TimeProvider.System.GetUtcNow();
        var before = await CountAsync();
        Assert.Equal(ImportedState.OtherAddress, await StateAsync(_authority.Issue("alice@example.test"), ImportPurpose.NewMail));
        Assert.Equal(ImportedState.NotValidNow, await StateAsync(_authority.Issue("bob@example.test", now.AddYears(-2), now.AddDays(-1)), ImportPurpose.NewMail));
        Assert.Equal(ImportedState.SignsOnly, await StateAsync(_authority.Issue("bob@example.test", usages: X509KeyUsageFlags.DigitalSignature), ImportPurpose.OldMail));
        Assert.IsType<PairImport.Refused>(await ImportAsync(_bob, _bob, [1, 2, 3]));
        Assert.IsType<PairImport.NoKey>(await ImportAsync(_bob, _bob, _authority.CertificateBytes));
        Assert.Equal(before, await CountAsync());

        // Somebody else's address stands in it: mail to them is not encrypted for it.
        Assert.Equal(ImportedState.Imported, await StateAsync(_authority.Issue("alice@example.test"), ImportPurpose.OldMail));
        await _portal.SendAsync(_bob, Mail.To("alice@example.test", "Only for Alice"));
        Assert.Equal(MessageState.Opened, (await _portal.ReceiveAsync(_alice, "Only for Alice")).State);
    }

    [Fact]
    public async Task Whoever_may_not_or_tries_too_often_imports_nothing()
    {
        var file = await _authority.Issue("bob@example.test").Pkcs12Async();
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => ImportAsync(_bob, _bob, file, ImportPurpose.NewMail));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => ImportAsync(_bob, _alice, file));
        Assert.IsType<PairImport.NoPerson>(await _portal.Get<PairImporting>().ImportAsync(_alice.Account, new AccountId(Guid.NewGuid()), [file], "secret", ImportPurpose.OldMail, Never));
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Assert.IsType<PairImport.Refused>(await _portal.Get<PairImporting>().ImportAsync(_bob.Account, _bob.Account.Account, [file], $"{attempt}", ImportPurpose.OldMail, Never));
        }

        Assert.IsType<PairImport.TooOften>(await ImportAsync(_bob, _bob, file));
    }

    [Fact]
    public async Task A_copy_of_the_keys_that_open_leaves_once_when_a_second_person_agrees_and_is_encrypted()
    {
        var exporting = _portal.Get<KeyExporting>();
        Assert.Equal(KeyExportState.NotAllowed, (await exporting.ViewAsync(_bob.Account, Never)).State);
        Assert.IsType<ApprovalAsked.NotFound>(await exporting.AskAsync(_bob.Account, Never));
        var policies = _portal.Get<OrganisationPolicies>();
        await policies.ChangeAsync(_alice.Account, await policies.ReadAsync(_bob.Account.Organisation, Never) with { AllowsKeyExport = true }, Never);
        Assert.IsType<PairImport.Done>(await ImportAsync(_bob, _bob, await _authority.Issue("bob@former.test").Pkcs12Async()));
        await using (var db = await Db.Database.WriteAsync(_bob.Account.Organisation, Never))
        {
            var since = TimeProvider.System.GetUtcNow().AddDays(-2);
            await db.Accounts.Where(one => one.AdministratorSince != null).ExecuteUpdateAsync(set => set.SetProperty(one => one.AdministratorSince, (DateTimeOffset?)since));
            await db.CommitAsync(Never);
        }

        Assert.Null(Assert.IsType<ApprovalAsked.Asked>(await exporting.AskAsync(_bob.Account, Never)).DueAt);
        Assert.Equal(KeyExportState.Waiting, (await exporting.ViewAsync(_bob.Account, Never)).State);
        Assert.IsType<KeyExport.NotReady>(await exporting.DownloadAsync(_bob.Account, "correct horse", Never));
        var asked = Assert.Single(await _portal.Get<FourEyes>().ListAsync(_alice.Account, ApprovalKind.ExportKeys, Never));
        Assert.IsType<ApprovalDecision.Done>(await _portal.Get<FourEyes>().AgreeAsync(_alice.Account, asked.Id, Never));
        await _portal.WorkOffAsync();
        Assert.Equal((KeyExportState.Ready, 2), ((await exporting.ViewAsync(_bob.Account, Never)).State, (await exporting.ViewAsync(_bob.Account, Never)).Leaving));
        Assert.IsType<KeyExport.PasswordTooShort>(await exporting.DownloadAsync(_bob.Account, "short", Never));
        Assert.IsType<KeyExport.NotReady>(await exporting.DownloadAsync(_alice.Account, "correct horse", Never));

        var file = Assert.IsType<KeyExport.Done>(await exporting.DownloadAsync(_bob.Account, "correct horse", Never)).File;

        var facts = await OpenSsl.RunAsync(file, "pkcs12", "-info", "-nokeys", "-passin", "pass:correct horse");
        Assert.Equal(0, facts.ExitCode);
        Assert.Contains("PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256", facts.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Signing", facts.Words, StringComparison.Ordinal);
        var keys = System.Text.Encoding.ASCII.GetString((await OpenSsl.RunAsync(file, "pkcs12", "-nocerts", "-nodes", "-passin", "pass:correct horse")).Demand());
        Assert.Equal(2, keys.Split("BEGIN PRIVATE KEY").Length - 1);
        Assert.IsType<KeyExport.NotReady>(await exporting.DownloadAsync(_bob.Account, "correct horse", Never));
        await using var read = await Db.Database.ReadAsync(_bob.Account.Organisation, Never);
        Assert.Equal(2, await read.AuditEntries.CountAsync(one => one.Action == AuditAction.KeyExported));
    }

    private async Task<ImportedState> StateAsync(TestHolder holder, ImportPurpose purpose) =>
        Assert.Single(Assert.IsType<PairImport.Done>(await ImportAsync(purpose == ImportPurpose.NewMail ? _alice : _bob, _bob, await holder.Pkcs12Async(), purpose)).Pairs).State;

    private Task<PairImport> ImportAsync(SignedInPerson actor, SignedInPerson owner, byte[] file, ImportPurpose purpose = ImportPurpose.OldMail) =>
        _portal.Get<PairImporting>().ImportAsync(actor.Account, owner.Account.Account, [file], "secret", purpose, Never);

    private async Task<int> CountAsync()
    {
        await using var db = await Db.Database.ReadAsync(_bob.Account.Organisation, Never);
        return await db.Certificates.CountAsync();
    }
}

public sealed class PostgresPairImportTests(PostgresFixture postgres) : PairImportContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqlitePairImportTests(SqliteFixture sqlite) : PairImportContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
