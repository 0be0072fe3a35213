using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Compose;
using Portal.Application.Organisations;
using Portal.Application.Setup;

namespace Portal.Application.Tests.Portals;

/// <summary>Who is here, who may do what, and what a session is worth.</summary>
public abstract partial class PeopleContract(Clinic clinic) : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly string _name = $"p{Guid.NewGuid():N}";
    private SignedInPerson _user = null!;

    private TestPortal Portal => clinic.Portal;

    private Actor.Person Admin => clinic.Alice.Account;

    private string NewAddress => $"{_name}.new@example.test";

    public async ValueTask InitializeAsync() => _user = await Portal.EnrolAsync(clinic.Organisation, $"{_name}@example.test");

    /// <summary>Alice is the only administrator again.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var people = Portal.Get<People>();
        var portal = new Actor.Portal(clinic.Organisation, "test");
        await people.ChangeRolesAsync(portal, Admin.Account, Roles.User | Roles.Administrator, Never);
        foreach (var other in (await people.ListAsync(portal, Never)).Where(one => one.Roles.HasFlag(Roles.Administrator) && one.Id != Admin.Account))
        {
            await people.ChangeRolesAsync(portal, other.Id, Roles.User, Never);
        }
    }

    [Theory]
    [InlineData("somebody@elsewhere.test", null)]
    [InlineData("somebody@localhost", PreferenceProblem.RecoveryEmail)]
    [InlineData("no address", PreferenceProblem.RecoveryEmail)]
    [InlineData("bob@example.test", PreferenceProblem.RecoveryEmailHere)]
    public async Task A_way_back_leads_elsewhere(string address, PreferenceProblem? problem)
    {
        using var scope = Portal.Get<IServiceScopeFactory>().CreateScope();
        var own = scope.ServiceProvider.GetRequiredService<OwnAccount>();

        Assert.Equal(problem, await own.PreferAsync(_user.Account, new OwnPreferences("Somebody", null, null, address), Never));
    }

    [Fact]
    public async Task Recipients_see_the_name_that_somebody_goes_by()
    {
        using var scope = Portal.Get<IServiceScopeFactory>().CreateScope();
        await scope.ServiceProvider.GetRequiredService<OwnAccount>().PreferAsync(_user.Account, new OwnPreferences("Ada Byron", null, null, null), Never);
        await using var db = await Portal.Get<PortalDatabase>().ReadAsync(_user.Account.Organisation, Never);
        Assert.All(await db.Mailboxes.Where(one => one.OwnerId == _user.Account.Account).ToListAsync(Never), one => Assert.Equal("Ada Byron", one.DisplayName));
        Assert.DoesNotContain("Ada Byron", await db.Mailboxes.Where(one => one.OwnerId != _user.Account.Account).Select(one => one.DisplayName).ToListAsync(Never));
    }

    [Fact]
    public async Task An_invitation_is_accepted_once_even_by_ten_at_the_same_time()
    {
        var link = await InviteAsync(NewAddress);
        Assert.Equal(NewAddress, (await Portal.Get<OneTimeEntry>().LookAsync(link.Token, Never))!.Email);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Portal.Get<OneTimeEntry>().EnterAsync(link.Token, Password, Never)));
        Assert.Single(outcomes.OfType<OneTimeEntryOutcome.Done>());
        Assert.Null(await Portal.Get<OneTimeEntry>().LookAsync(link.Token, Never));

        var cleo = (await Portal.Get<People>().ListAsync(Admin, Never)).Single(one => one.Email == NewAddress);
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        Assert.Equal(2, await db.Certificates.CountAsync(one => one.OwnerId == cleo.Id));
        Assert.DoesNotContain(link.Token, await db.OneTimeLinks.Select(one => Convert.ToHexString(one.TokenSha256)).ToListAsync());
    }

    [Fact]
    public async Task An_invitation_that_cannot_be_is_refused_in_words()
    {
        foreach (var (email, problem) in new[]
        {
            ("dora@elsewhere.test", InvitationProblem.AddressOutsideDomains),
            ($"{_name.ToUpperInvariant()}@example.test", InvitationProblem.AddressTaken),
            ("not an address", InvitationProblem.AddressMalformed),
        })
        {
            var outcome = await Portal.Get<Invitations>().InviteAsync(Admin, new Invitation(email, "Dora", Roles.User, null), Never);
            Assert.Equal(problem, Assert.IsType<InvitationOutcome.Invalid>(outcome).Problem);
        }
    }

    [Fact]
    public async Task A_later_invitation_and_a_withdrawal_close_what_was_open()
    {
        var first = await InviteAsync(NewAddress);
        var second = await InviteAsync(NewAddress);
        Assert.Null(await Portal.Get<OneTimeEntry>().LookAsync(first.Token, Never));
        await Portal.Get<People>().WithdrawAsync(Admin, second.Id, Never);
        Assert.Null(await Portal.Get<OneTimeEntry>().LookAsync(second.Token, Never));
        Assert.IsType<OneTimeEntryOutcome.NotOpen>(await Portal.Get<OneTimeEntry>().EnterAsync(second.Token, Password, Never));
    }

    [Fact]
    public async Task Somebody_who_may_not_manage_people_gets_nowhere()
    {
        var people = Portal.Get<People>();
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => people.ListAsync(_user.Account, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => people.FindAsync(_user.Account, Admin.Account, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => people.DisableAsync(_user.Account, Admin.Account, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => people.ChangeRolesAsync(_user.Account, _user.Account.Account, Roles.Administrator, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => people.IssueNewPasswordLinkAsync(_user.Account, Admin.Account, true, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() =>
            Portal.Get<Invitations>().InviteAsync(_user.Account, new Invitation("x@example.test", "X", Roles.User, null), Never));
    }

    [Fact]
    public async Task The_last_administrator_stays_also_when_two_demote_each_other_at_once()
    {
        var people = Portal.Get<People>();
        Assert.IsType<PersonChange.LastAdministrator>(await people.ChangeRolesAsync(Admin, Admin.Account, Roles.User, Never));
        Assert.IsType<PersonChange.Done>(await people.ChangeRolesAsync(Admin, _user.Account.Account, Roles.User | Roles.Administrator, Never));
        var second = _user.Account with { Roles = Roles.User | Roles.Administrator };
        var changes = await Task.WhenAll(
            people.ChangeRolesAsync(Admin, second.Account, Roles.User, Never),
            people.ChangeRolesAsync(second, Admin.Account, Roles.User, Never));
        Assert.Single(changes.OfType<PersonChange.Done>());
        Assert.Single(await people.ListAsync(Admin, Never), one => one.Roles.HasFlag(Roles.Administrator));
    }

    [Fact]
    public async Task A_new_password_ends_every_session_and_second_factors_only_when_asked()
    {
        var link = (await Portal.Get<People>().IssueNewPasswordLinkAsync(Admin, _user.Account.Account, resetsSecondFactors: false, Never))!;
        Assert.True(await IsLiveAsync(_user.Account));
        Assert.IsType<OneTimeEntryOutcome.Refused>(await Portal.Get<OneTimeEntry>().EnterAsync(link.Token, "short", Never));
        Assert.IsType<OneTimeEntryOutcome.Done>(await Portal.Get<OneTimeEntry>().EnterAsync(link.Token, "another horse battery", Never));
        Assert.False(await IsLiveAsync(_user.Account));
        Assert.IsType<OneTimeEntryOutcome.NotOpen>(await Portal.Get<OneTimeEntry>().EnterAsync(link.Token, Password, Never));
    }

    [Fact]
    public async Task Whose_session_has_ended_signs_nothing_any_more()
    {
        var draft = await Portal.WriteAsync(_user, Mail.To("alice@example.test", "Late"));
        await Portal.Get<LiveSessions>().EndAsync(_user.Account, _user.Account.Account, _user.Account.Session, Never);
        Assert.Equal(SendProblem.NotPermitted, Assert.IsType<SendOutcome.Refused>(await Portal.SendAsync(_user, draft)).Problem);

        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        Assert.True(await db.AuditEntries.AnyAsync(one => one.Action == AuditAction.KeyUseDenied));
    }

    [Fact]
    public async Task A_disabled_person_and_one_without_the_second_factor_that_is_asked_for_have_no_session()
    {
        Assert.IsType<PersonChange.Done>(await Portal.Get<People>().DisableAsync(Admin, _user.Account.Account, Never));
        Assert.False(await IsLiveAsync(_user.Account));
        Assert.IsType<PersonChange.Oneself>(await Portal.Get<People>().DisableAsync(Admin, Admin.Account, Never));

        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        var ada = await db.Accounts.SingleAsync(one => one.Id == Admin.Account);
        var byPasswordAlone = await Portal.Get<LiveSessions>().BeginAsync(ada, new SessionOrigin("Test", ""), secondFactor: false, Never);
        Assert.False(await IsLiveAsync(byPasswordAlone));
        var policies = Portal.Get<OrganisationPolicies>();
        await policies.ChangeAsync(Admin, await policies.ReadAsync(clinic.Organisation, Never) with { SecondFactor = SecondFactorDemand.Nobody }, Never);
        Assert.True(await IsLiveAsync(byPasswordAlone));
        await policies.ChangeAsync(Admin, await policies.ReadAsync(clinic.Organisation, Never) with { SecondFactor = SecondFactorDemand.Administrators }, Never);
    }

    [Fact]
    public async Task Wrong_passwords_count_each_when_many_come_at_once()
    {
        await using (var db = await Portal.Database.ReadAsync(clinic.Organisation, Never))
        {
            var ben = await db.Accounts.SingleAsync(one => one.Id == _user.Account.Account);
            await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => Portal.Get<Lockout>().CountFailureAsync(ben, Never)));
        }

        await using var after = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        var account = await after.Accounts.SingleAsync(one => one.Id == _user.Account.Account);
        Assert.True(account.LockedUntil > TimeProvider.System.GetUtcNow());
        Assert.Equal(5, account.FailedSignIns);
        Assert.Equal(25, await after.AuditEntries.CountAsync(one => one.Action == AuditAction.SignInRefused && one.Subject == _user.Account.Account.Value));
    }

    private async Task<IssuedLink> InviteAsync(string email) => Assert.IsType<InvitationOutcome.Invited>(
        await Portal.Get<Invitations>().InviteAsync(Admin, new Invitation(email, "Somebody", Roles.User, null), Never)).Link;

    private async Task<bool> IsLiveAsync(Actor.Person person) => await Portal.Get<LiveSessions>().FindAsync(person, seen: false, Never) is not null;
}

public sealed class PeopleOnPostgresTests(PostgresClinic clinic) : PeopleContract(clinic);

public sealed class PeopleOnSqliteTests(SqliteClinic clinic) : PeopleContract(clinic);

/// <summary>The table of who may do what, spelt out once more.</summary>
public sealed class PermissionTests
{
    [Theory]
    [InlineData(Roles.User, Permission.UseMail)]
    [InlineData(Roles.Administrator, Permission.ManagePeople, Permission.ManageOrganisation, Permission.ManagePolicies, Permission.ManageCertificates, Permission.ReadAudit)]
    [InlineData(Roles.CertificateManager, Permission.ManageCertificates)]
    [InlineData(Roles.Auditor, Permission.ReadAudit)]
    [InlineData(Roles.None)]
    public void Who_may_do_what_is_this(Roles role, params Permission[] permissions) =>
        Assert.Equal(permissions.Order(), Enum.GetValues<Permission>().Where(one => role.Allow(one)).Order());
}
