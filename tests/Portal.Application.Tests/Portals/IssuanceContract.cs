using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Certificates;
using Portal.Application.KeyManagement;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Tests.Database;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application.Tests.Portals;

/// <summary>A list of addresses whose holders get certificates: line by line, in the background, stopped and continued.</summary>
public abstract class IssuanceContract : DatabaseTest
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db);
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test");
        var policies = _portal.Get<OrganisationPolicies>();
        await policies.ChangeAsync(_alice.Account, await policies.ReadAsync(organisation, Never) with { EncryptionKeys = KeyAlgorithm.P256 }, Never);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Issuance Issuance => _portal.Get<Issuance>();

    private OrganisationId Organisation => _alice.Account.Organisation;

    [Fact]
    public async Task Each_line_has_an_outcome_and_whoever_had_nothing_writes_signed_and_encrypted_mail()
    {
        await UncertifiedPeople.AddAsync(_portal, Organisation, 60);
        await _portal.Get<People>().DisableAsync(_alice.Account, await AccountAsync("person.2@example.test"), Never);
        await _portal.Get<CertificateRevocation>().SuspendAsync(_alice.Account, await SigningOfAsync("bob@example.test"), Never);
        var file = "\uFEFFName;Address\r\nAlice;alice@example.test\r\n" + string.Concat(Enumerable.Range(1, 60).Select(one => $"\"Person; {one}\";Person.{one}@EXAMPLE.test\r\n"))
            + "Bob;bob@example.test\r\nnobody;nobody@example.test\r\nno address at all\r\n\r\nAgain;person.7@example.test\r\nx@@y;\r\n";

        var id = await StartAsync(file);
        await _portal.WorkOffAsync();

        var lines = (await Issuance.LinesAsync(_alice.Account, id, Never)).ToDictionary(one => one.Number, one => one.Outcome);
        Assert.Equal(66, lines.Count);
        Assert.Equal(
            (IssuanceOutcome.AlreadyThere, IssuanceOutcome.Issued, IssuanceOutcome.Disabled, IssuanceOutcome.Stopped, IssuanceOutcome.NobodyHere, IssuanceOutcome.NoAddress, IssuanceOutcome.Repeated, IssuanceOutcome.NoAddress),
            (lines[2], lines[3], lines[4], lines[63], lines[64], lines[65], lines[67], lines[68]));
        var details = (await Issuance.FindAsync(_alice.Account, id, Never))!;
        Assert.Equal(59, details.Counts.Single(one => one.Outcome == IssuanceOutcome.Issued).Count);
        Assert.Equal((IssuanceState.Done, 66, 66, null), (details.Batch.State, details.Batch.Lines, details.Batch.Done, details.Batch.Trouble));
        Assert.Equal([4, 63, 64, 65, 67, 68], details.Lines.Select(one => one.Number));

        var person = await PersonAsync("person.9@example.test");
        await _portal.SendAsync(person, Mail.To("alice@example.test", "First letter"));
        await _portal.WorkOffAsync();
        Assert.Equal(MessageVerdict.SignedValid, (await _portal.ListAsync(_alice)).Single(one => one.Subject == "First letter").Verdict);
        await _portal.SendAsync(_alice, Mail.To("person.9@example.test", "Answer"));
        await _portal.WorkOffAsync();
        Assert.Equal(MessageVerdict.SignedValid, (await _portal.ListAsync(person)).Single(one => one.Subject == "Answer").Verdict);
    }

    [Fact]
    public async Task Once_more_nobody_gets_anything_and_whoever_wants_it_anew_has_one_current_pair_of_each_kind()
    {
        var addresses = await UncertifiedPeople.AddAsync(_portal, Organisation, 3);
        var file = string.Join('\n', addresses);
        await StartAsync(file);
        await _portal.WorkOffAsync();

        var again = await StartAsync(file);
        await _portal.WorkOffAsync();
        Assert.All(await Issuance.LinesAsync(_alice.Account, again, Never), one => Assert.Equal(IssuanceOutcome.AlreadyThere, one.Outcome));
        var anew = await StartAsync(file, IssuanceScope.Everybody);
        await _portal.WorkOffAsync();
        Assert.All(await Issuance.LinesAsync(_alice.Account, anew, Never), one => Assert.Equal(IssuanceOutcome.Issued, one.Outcome));

        foreach (var address in addresses)
        {
            var account = await AccountAsync(address);
            await using var db = await Db.Database.ReadAsync(Organisation, Never);
            var current = await db.Certificates
                .Where(one => one.OwnerId == account)
                .Join(db.ManagedKeys, one => one.KeyId, key => (Application.KeyBroker.ManagedKeyId?)key.Id, (one, key) => new { one.Kind, one.CreatedAt, key.ReplacedAt })
                .ToListAsync();
            Assert.Equal(4, current.Count);
            Assert.All(current.GroupBy(one => one.Kind), kind => Assert.Null(Assert.Single(kind, one => one.ReplacedAt is null) == kind.MaxBy(one => one.CreatedAt) ? null : "An older one is current."));
        }
    }

    [Fact]
    public async Task One_person_under_several_addresses_gets_one_pair()
    {
        var addresses = await UncertifiedPeople.AddAsync(_portal, Organisation, 60);
        await UncertifiedPeople.AddMailboxAsync(_portal, Organisation, await AccountAsync(addresses[0]), "soon@example.test");
        await UncertifiedPeople.AddMailboxAsync(_portal, Organisation, await AccountAsync(addresses[1]), "late@example.test");

        var id = await StartAsync(string.Join('\n', ["soon@example.test", .. addresses, "late@example.test"]), IssuanceScope.Everybody);
        await _portal.WorkOffAsync();

        var lines = await Issuance.LinesAsync(_alice.Account, id, Never);
        Assert.Equal([addresses[0], "late@example.test"], lines.Where(one => one.Outcome == IssuanceOutcome.Repeated).Select(one => one.Text));
        Assert.Equal(60, lines.Count(one => one.Outcome == IssuanceOutcome.Issued));
        await using var db = await Db.Database.ReadAsync(Organisation, Never);
        Assert.Equal(2 * 62, await db.Certificates.CountAsync(one => one.OwnerId != null));
    }

    [Fact]
    public async Task What_was_stopped_stays_undone_until_somebody_goes_on()
    {
        await UncertifiedPeople.AddAsync(_portal, Organisation, 60);
        var id = await StartAsync(string.Join('\n', Enumerable.Range(1, 60).Select(one => $"person.{one}@example.test")));
        await _portal.WorkUntilAsync(async () => (await Issuance.ListAsync(_alice.Account, Never))[0].Done > 0);

        Assert.True(await Issuance.StopAsync(_alice.Account, id, Never));
        Assert.False(await Issuance.StopAsync(_alice.Account, id, Never));
        await _portal.WorkOffAsync();
        var stopped = Assert.Single(await Issuance.ListAsync(_alice.Account, Never));
        Assert.Equal((IssuanceState.Stopped, 60, 50), (stopped.State, stopped.Lines, stopped.Done));

        Assert.True(await Issuance.GoOnAsync(_alice.Account, id, Never));
        Assert.False(await Issuance.GoOnAsync(_alice.Account, id, Never));
        await _portal.WorkOffAsync();
        var done = Assert.Single(await Issuance.ListAsync(_alice.Account, Never));
        Assert.Equal((IssuanceState.Done, 60), (done.State, done.Done));
    }

    [Fact]
    public async Task A_key_store_that_does_not_answer_is_waited_for_and_its_words_are_shown()
    {
        await UncertifiedPeople.AddAsync(_portal, Organisation, 2);
        _portal.KeyStores.Asking = _ => throw new KeyStoreException(KeyStoreFailure.Unavailable, "Pulled out.");
        var id = await StartAsync("person.1@example.test\nperson.2@example.test");
        await _portal.WorkUntilAsync(async () => (await Issuance.ListAsync(_alice.Account, Never))[0].Trouble is not null);

        var waiting = (await Issuance.FindAsync(_alice.Account, id, Never))!.Batch;
        Assert.Equal((IssuanceState.Running, 0, "Pulled out."), (waiting.State, waiting.Done, waiting.Trouble));

        _portal.KeyStores.Asking = _ => Task.CompletedTask;
        await using (var db = await Db.Database.WriteAsync(Organisation, Never))
        {
            await WorkQueue.DueNowAsync(db, Organisation, WorkKind.IssueCertificates, id.Value, Never);
            await db.CommitAsync(Never);
        }

        await _portal.WorkOffAsync();
        var done = (await Issuance.FindAsync(_alice.Account, id, Never))!.Batch;
        Assert.Equal((IssuanceState.Done, 2, null), (done.State, done.Done, done.Trouble));
    }

    [Fact]
    public async Task What_is_no_list_starts_nothing_and_nobody_else_sees_or_stops_one()
    {
        Assert.IsType<IssuanceStart.Empty>(await Issuance.StartAsync(_alice.Account, [], IssuanceScope.Missing, Never));
        Assert.IsType<IssuanceStart.Empty>(await Issuance.StartAsync(_alice.Account, Encoding.UTF8.GetBytes("Name;Address\r\n;\r\n"), IssuanceScope.Missing, Never));
        Assert.IsType<IssuanceStart.NotText>(await Issuance.StartAsync(_alice.Account, [0x61, 0x40, 0xff, 0xfe], IssuanceScope.Missing, Never));
        Assert.IsType<IssuanceStart.TooLarge>(await Issuance.StartAsync(_alice.Account, new byte[Issuance.LargestFile + 1], IssuanceScope.Missing, Never));
        var many = string.Join('\n', Enumerable.Range(1, Issuance.MostLines + 1).Select(one => $"p{one}@example.test"));
        Assert.IsType<IssuanceStart.TooLarge>(await Issuance.StartAsync(_alice.Account, Encoding.UTF8.GetBytes(many), IssuanceScope.Missing, Never));
        Assert.Empty(await Issuance.ListAsync(_alice.Account, Never));

        var id = await StartAsync("nobody@example.test");
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Issuance.StartAsync(_bob.Account, "a@example.test"u8.ToArray(), IssuanceScope.Missing, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Issuance.LinesAsync(_bob.Account, id, Never));
        var other = new Actor.Portal(OrganisationId.New(), "other");
        Assert.Null(await Issuance.FindAsync(other, id, Never));
        Assert.Empty(await Issuance.LinesAsync(other, id, Never));
        Assert.False(await Issuance.StopAsync(other, id, Never));
    }

    private async Task<IssuanceBatchId> StartAsync(string file, IssuanceScope scope = IssuanceScope.Missing) =>
        Assert.IsType<IssuanceStart.Started>(await Issuance.StartAsync(_alice.Account, Encoding.UTF8.GetBytes(file), scope, Never)).Id;

    private async Task<AccountId> AccountAsync(string address)
    {
        await using var db = await Db.Database.ReadAsync(Organisation, Never);
        return await db.Accounts.Where(one => one.NormalisedEmail == address).Select(one => one.Id).SingleAsync();
    }

    private async Task<SignedInPerson> PersonAsync(string address)
    {
        await using var db = await Db.Database.ReadAsync(Organisation, Never);
        var account = await db.Accounts.SingleAsync(one => one.NormalisedEmail == address);
        var mailbox = await db.Mailboxes.Where(one => one.OwnerId == account.Id).Select(one => one.Id).SingleAsync();
        return new SignedInPerson(await _portal.SignInAsync(account), mailbox);
    }

    private async Task<CertificateId> SigningOfAsync(string address)
    {
        await using var db = await Db.Database.ReadAsync(Organisation, Never);
        return await db.Certificates.Where(one => one.Address == address && one.Kind == CertificateKind.Signing).Select(one => one.Id).SingleAsync();
    }
}

public sealed class PostgresIssuanceTests(PostgresFixture postgres) : IssuanceContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteIssuanceTests(SqliteFixture sqlite) : IssuanceContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
