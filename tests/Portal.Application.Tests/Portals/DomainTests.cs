using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.Audit;
using Portal.Application.Compose;
using Portal.Application.Domains;
using Portal.Application.Organisations;
using Portal.Application.Outbox;
using Portal.Application.Setup;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What the DNS can say, and what is made of it.</summary>
public sealed class TextRecordsTests : IAsyncLifetime
{
    private const string Name = "_portal-challenge.example.test";
    private readonly DnsResponder _dns = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task What_stands_there_is_read_also_in_pieces_and_by_tcp()
    {
        var longText = new string('a', 600);
        _dns.Names[Name] = new DnsBehaviour.Texts("one", longText);
        Assert.Equal(["one", longText], Assert.IsType<TextAnswer.Found>(await AskAsync()).Texts);
        _dns.Names[Name] = new DnsBehaviour.Truncated("by tcp");
        Assert.Equal(["by tcp"], Assert.IsType<TextAnswer.Found>(await AskAsync()).Texts);
    }

    [Fact]
    public async Task A_name_that_is_not_there_has_no_record()
    {
        Assert.IsType<TextAnswer.NoRecord>(await AskAsync());
        _dns.Names[Name] = new DnsBehaviour.Texts();
        Assert.IsType<TextAnswer.NoRecord>(await AskAsync());
    }

    [Fact]
    public async Task Silence_nonsense_failure_and_answers_to_other_questions_are_no_answer()
    {
        foreach (var behaviour in (DnsBehaviour[])[new DnsBehaviour.Silence(), new DnsBehaviour.Nonsense(), new DnsBehaviour.ServerFailure(), new DnsBehaviour.WrongId("forged")])
        {
            _dns.Names[Name] = behaviour;
            Assert.Equal((behaviour, new TextAnswer.NoAnswer()), (behaviour, await AskAsync()));
        }
    }

    private Task<TextAnswer> AskAsync()
    {
        var options = Options.Create(new DomainOptions { Servers = _dns.Address, Timeout = TimeSpan.FromMilliseconds(300) });
        return new TextRecords(options).AskAsync(Name, CancellationToken.None);
    }
}

/// <summary>Whose a domain is.</summary>
public abstract class DomainContract(Clinic clinic)
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly string _name = $"d{Guid.NewGuid():N}.test";

    private protected Clinic Clinic => clinic;

    private TestPortal Portal => clinic.Portal;

    private OrganisationDomains Domains => Portal.Get<OrganisationDomains>();

    private Actor.Person Admin => clinic.Alice.Account;

    private Actor.Portal Operator => new(clinic.Organisation, "test");

    [Fact]
    public async Task A_claim_is_proved_by_the_record_and_by_nothing_else()
    {
        var claim = await AddAsync(Admin);
        var view = (await Domains.FindAsync(Admin, claim, Never))!;
        Assert.Null(view.ProvedAt);
        Assert.Equal($"_portal-challenge.{_name}", view.RecordName);
        Assert.Matches("^portal-domain=[a-z2-7]{32}$", view.RecordValue);

        Assert.IsType<DomainLook.NoRecord>(await Domains.LookAsync(Admin, claim, Never));
        clinic.Dns.Names[view.RecordName] = new DnsBehaviour.Texts("portal-domain=something-else");
        Assert.Equal(["portal-domain=something-else"], Assert.IsType<DomainLook.OtherValue>(await Domains.LookAsync(Admin, claim, Never)).Found);
        clinic.Dns.Names[view.RecordName] = new DnsBehaviour.Silence();
        Assert.IsType<DomainLook.NoAnswer>(await Domains.LookAsync(Admin, claim, Never));
        Assert.Null((await Domains.FindAsync(Admin, claim, Never))!.ProvedAt);

        clinic.Dns.Names[view.RecordName] = new DnsBehaviour.Texts("v=spf1 -all", view.RecordValue);
        Assert.IsType<DomainLook.Proved>(await Domains.LookAsync(Admin, claim, Never));
        Assert.Equal(DomainProof.Dns, (await Domains.FindAsync(Admin, claim, Never))!.Proof);
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        Assert.Equal(
            [AuditAction.DomainAdded, AuditAction.DomainProved],
            await db.AuditEntries.Where(one => one.Subject == claim.Value).OrderBy(one => one.Sequence).Select(one => one.Action).ToListAsync());
    }

    [Fact]
    public async Task Nobody_is_invited_into_a_claim_and_a_domain_with_addresses_stays()
    {
        var claim = await AddAsync(Admin);
        var invitation = new Invitation($"dora@{_name}", "Dora", Roles.User, null);
        var refused = await Portal.Get<Invitations>().InviteAsync(Admin, invitation, Never);
        Assert.Equal(InvitationProblem.AddressOutsideDomains, Assert.IsType<InvitationOutcome.Invalid>(refused).Problem);

        Assert.IsType<DomainLook.Proved>(await Domains.VouchAsync(Operator, claim, Never));
        Assert.IsType<InvitationOutcome.Invited>(await Portal.Get<Invitations>().InviteAsync(Admin, invitation, Never));
        Assert.Equal(1, Assert.IsType<DomainRemoval.InUse>(await Domains.RemoveAsync(Admin, claim, Never)).Addresses);
    }

    [Fact]
    public async Task A_claim_without_addresses_is_given_up()
    {
        var claim = await AddAsync(Admin);
        Assert.IsType<DomainRemoval.Removed>(await Domains.RemoveAsync(Admin, claim, Never));
        Assert.Null(await Domains.FindAsync(Admin, claim, Never));
        Assert.IsType<DomainLook.Gone>(await Domains.LookAsync(Admin, claim, Never));
    }

    [Theory]
    [InlineData("no domain")]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("a@b.test")]
    public async Task What_is_no_mail_domain_is_refused(string name) => Assert.IsType<DomainAdding.Malformed>(await Domains.AddAsync(Admin, name, Never));

    [Fact]
    public async Task A_proof_that_vanishes_is_noticed_by_the_daily_work_and_changes_nothing()
    {
        var claim = await AddAsync(Admin);
        var view = (await Domains.FindAsync(Admin, claim, Never))!;
        clinic.Dns.Names[view.RecordName] = new DnsBehaviour.Texts(view.RecordValue);
        await WorkAsync(async () => (await Domains.FindAsync(Admin, claim, Never))!.ProvedAt is not null);
        clinic.Dns.Names.TryRemove(view.RecordName, out _);
        await WorkAsync(async () => (await Domains.FindAsync(Admin, claim, Never))!.MissingSince is not null);
        var missing = (await Domains.FindAsync(Admin, claim, Never))!;
        Assert.False(missing.IsWarned);
        Assert.NotNull(missing.ProvedAt);

        await using (var db = await Portal.Database.WriteAsync(clinic.Organisation, Never))
        {
            var longAgo = await db.NowAsync(Never) - TimeSpan.FromDays(8);
            await db.OrganisationDomains.Where(one => one.Id == claim).ExecuteUpdateAsync(set => set.SetProperty(one => one.MissingSince, (DateTimeOffset?)longAgo), Never);
            await db.CommitAsync(Never);
        }

        Assert.True((await Domains.FindAsync(Admin, claim, Never))!.IsWarned);
        clinic.Dns.Names[view.RecordName] = new DnsBehaviour.Texts(view.RecordValue);
        Assert.IsType<DomainLook.Proved>(await Domains.LookAsync(Admin, claim, Never));
        Assert.Null((await Domains.FindAsync(Admin, claim, Never))!.MissingSince);
    }

    [Fact]
    public async Task Who_may_not_manage_the_organisation_gets_nowhere()
    {
        var bob = clinic.Bob.Account;
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Domains.ListAsync(bob, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Domains.AddAsync(bob, _name, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Portal.Get<OwnOrganisation>().RenameAsync(bob, "Mine", Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () =>
            await Portal.Get<OrganisationPolicies>().ChangeAsync(bob, await Portal.Get<OrganisationPolicies>().ReadAsync(clinic.Organisation, Never), Never));
    }

    private protected async Task<OrganisationDomainId> AddAsync(Actor actor, string? name = null) =>
        Assert.IsType<DomainAdding.Added>(await Domains.AddAsync(actor, name ?? _name, Never)).Id;

    private async Task WorkAsync(Func<Task<bool>> condition)
    {
        await using (var db = await Portal.Database.WriteAsync(clinic.Organisation, Never))
        {
            await Work.WorkQueue.DueNowAsync(db, clinic.Organisation, Work.WorkKind.LookAtDomains, clinic.Organisation.Value, Never);
            await db.CommitAsync(Never);
        }

        await Portal.WorkUntilAsync(condition);
    }
}

public sealed class PostgresDomainTests(PostgresClinic clinic) : DomainContract(clinic)
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private OrganisationDomains Domains => Clinic.Portal.Get<OrganisationDomains>();

    [Fact]
    public async Task Two_may_claim_a_domain_and_one_proves_it()
    {
        var rival = new Actor.Portal(Clinic.Mallory!.Account.Organisation, "test");
        var (name, own) = ($"shared{Guid.NewGuid():N}.test", new Actor.Portal(Clinic.Organisation, "test"));
        var (ours, theirs) = (await AddAsync(Clinic.Alice.Account, name), await AddAsync(rival, name));
        Assert.Null(await Domains.FindAsync(Clinic.Alice.Account, theirs, Never));
        Assert.IsType<DomainRemoval.Gone>(await Domains.RemoveAsync(Clinic.Alice.Account, theirs, Never));

        Assert.IsType<DomainLook.Proved>(await Domains.VouchAsync(rival, theirs, Never));
        Assert.IsType<DomainLook.ProvedElsewhere>(await Domains.VouchAsync(own, ours, Never));
        var view = (await Domains.FindAsync(Clinic.Alice.Account, ours, Never))!;
        Clinic.Dns.Names[view.RecordName] = new DnsBehaviour.Texts(view.RecordValue);
        Assert.IsType<DomainLook.ProvedElsewhere>(await Domains.LookAsync(Clinic.Alice.Account, ours, Never));

        Assert.True(await Domains.WithdrawAsync(rival, theirs, Never));
        Assert.IsType<DomainLook.Proved>(await Domains.LookAsync(Clinic.Alice.Account, ours, Never));
    }

    [Fact]
    public async Task A_domain_that_is_not_proved_any_more_diverts_nothing_and_sends_nothing()
    {
        var rival = new Actor.Portal(Clinic.Mallory!.Account.Organisation, "test");
        var (name, directory) = ($"lost{Guid.NewGuid():N}.test", Clinic.Portal.Get<IDirectory>());
        var claim = await AddAsync(rival, name);
        await Domains.VouchAsync(rival, claim, Never);
        var eve = await Clinic.Portal.EnrolAsync(rival.Organisation, $"eve@{name}");
        Assert.NotNull(await directory.FindMailboxAsync($"eve@{name}", Clinic.Organisation, Never));
        Assert.True(await Domains.WithdrawAsync(rival, claim, Never));
        Assert.Null(await directory.FindMailboxAsync($"eve@{name}", Clinic.Organisation, Never));
        Assert.NotNull(await directory.FindMailboxAsync($"eve@{name}", rival.Organisation, Never));
        Assert.Null(await directory.FindDomainAsync(name, Never));

        // Hers stays within her organisation, to whomever it is addressed.
        var draft = await Clinic.Portal.WriteAsync(eve, Mail.To("alice@example.test", "Not going"));
        Assert.True((await Clinic.Portal.Get<Sending>().PreviewAsync(eve.Account, draft, Mail.To("alice@example.test", "Not going"), Never))!.StaysInside);
        Assert.False((await Clinic.Portal.Get<Sending>().PreviewAsync(eve.Account, draft, Mail.To("mallory@rival.test", "Going"), Never))!.StaysInside);
        Assert.Equal(SendProblem.DomainNotProved, Assert.IsType<SendOutcome.Refused>(await Clinic.Portal.SendAsync(eve, draft)).Problem);

        // What was under way when the proof went waits for it.
        await Domains.VouchAsync(rival, claim, Never);
        await Clinic.Portal.SendAsync(eve, draft);
        await Domains.WithdrawAsync(rival, claim, Never);
        await Clinic.Portal.WorkUntilAsync(() => AnyAsync(rival.Organisation, DeliveryState.Postponed));
        await Domains.VouchAsync(rival, claim, Never);
        await Clinic.Portal.ReceiveAsync(Clinic.Alice, "Not going");
    }

    private async Task<bool> AnyAsync(OrganisationId organisation, DeliveryState state)
    {
        await using var db = await Clinic.Portal.Database.ReadAsync(organisation, Never);
        return await db.Deliveries.AnyAsync(one => one.State == state);
    }
}

public sealed class SqliteDomainTests(SqliteClinic clinic) : DomainContract(clinic);
