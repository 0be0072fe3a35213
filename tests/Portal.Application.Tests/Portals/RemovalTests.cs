using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.Mailboxes;
using Portal.Application.Setup;
using Portal.Smime.Keys;

namespace Portal.Application.Tests.Portals;

/// <summary>Four eyes, and what is left of a person who was removed.</summary>
public abstract partial class PeopleContract
{
    private PersonRemoval Removal => Portal.Get<PersonRemoval>();

    private FourEyes FourEyes => Portal.Get<FourEyes>();

    [Fact]
    public async Task A_second_administrator_of_some_standing_has_to_agree_and_then_nothing_is_left()
    {
        var second = await Portal.EnrolAsync(clinic.Organisation, $"{_name}.second@example.test", Roles.User | Roles.Administrator);
        await StandingSinceAsync(second.Account.Account, TimeSpan.FromDays(2));
        await Portal.SendAsync(_user, await Portal.WriteAsync(_user, Mail.To("bob@example.test", "Going")));
        await Portal.WriteAsync(_user, Mail.To("bob@example.test", "Never finished"));

        var asked = Assert.IsType<ApprovalAsked.Asked>(await Removal.AskAsync(Admin, _user.Account.Account, Never));
        Assert.Null(asked.DueAt);
        Assert.IsType<ApprovalAsked.Already>(await Removal.AskAsync(second.Account, _user.Account.Account, Never));
        var request = await RequestAsync(Admin);
        Assert.Equal(ApprovalStanding.OwnRequest, request.Standing);
        Assert.Equal(ApprovalStanding.OwnRequest, Assert.IsType<ApprovalDecision.NotAllowed>(await FourEyes.AgreeAsync(Admin, request.Id, Never)).Standing);
        var made = await Portal.EnrolAsync(clinic.Organisation, $"{_name}.made@example.test", Roles.Administrator);
        Assert.Equal(ApprovalStanding.TooNew, Assert.IsType<ApprovalDecision.NotAllowed>(await FourEyes.AgreeAsync(made.Account, request.Id, Never)).Standing);
        var keys = await KeysAsync();
        var mailbox = _user.Mailbox;

        Assert.IsType<ApprovalDecision.Done>(await FourEyes.AgreeAsync(second.Account, request.Id, Never));
        Assert.IsType<ApprovalDecision.NotWaiting>(await FourEyes.WithdrawAsync(Admin, request.Id, Never));
        await Portal.WorkUntilAsync(async () => await Portal.Get<People>().FindAsync(Admin, _user.Account.Account, Never) is null);

        Assert.Equal([], await LeftAsync(mailbox));
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        Assert.All(
            await db.Certificates.Where(one => one.OwnerId == _user.Account.Account).ToListAsync(Never),
            one => Assert.Equal(CertificateState.Revoked, one.State));
        foreach (var key in keys)
        {
            await Assert.ThrowsAsync<KeyStoreException>(() => Portal.Get<IKeyStore>().Open(key.Reference).SignDigestAsync(new byte[32], SignatureScheme.RsaPkcs1Sha256, Never));
        }

        Assert.True(await db.AuditEntries.AnyAsync(one => one.Action == AuditAction.PersonRemoved && one.Subject == _user.Account.Account.Value));
        Assert.IsType<InvitationOutcome.Invited>(
            await Portal.Get<Invitations>().InviteAsync(Admin, new Invitation($"{_name}@example.test", "Somebody else", Roles.User, null), Never));
    }

    [Fact]
    public async Task An_only_administrator_waits_a_day_in_which_it_can_be_withdrawn()
    {
        var asked = Assert.IsType<ApprovalAsked.Asked>(await Removal.AskAsync(Admin, _user.Account.Account, Never));
        Assert.InRange(asked.DueAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
        await Portal.WorkUntilAsync(async () => await NoticesAsync(_user.Mailbox) == 1);
        Assert.NotNull(await Portal.Get<People>().FindAsync(Admin, _user.Account.Account, Never));
        Assert.IsType<ApprovalDecision.Done>(await FourEyes.WithdrawAsync(Admin, (await RequestAsync(Admin)).Id, Never));
        Assert.DoesNotContain(await FourEyes.ListAsync(Admin, ApprovalKind.RemovePerson, Never), one => one.Subject == _user.Account.Account.Value);

        Assert.IsType<ApprovalAsked.Asked>(await Removal.AskAsync(Admin, _user.Account.Account, Never));
        var request = await RequestAsync(Admin);
        await using (var db = await Portal.Database.WriteAsync(clinic.Organisation, Never))
        {
            var past = await db.NowAsync(Never) - TimeSpan.FromSeconds(1);
            await db.Approvals.Where(one => one.Id == request.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, past), Never);
            await db.WorkItems.Where(one => one.Subject == request.Id.Value).ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, past), Never);
            await db.CommitAsync(Never);
        }

        await Portal.WorkUntilAsync(async () => await Portal.Get<People>().FindAsync(Admin, _user.Account.Account, Never) is null);
        Assert.Equal([], await LeftAsync(_user.Mailbox));
    }

    [Fact]
    public async Task Nobody_removes_themselves_or_anybody_of_another_organisation()
    {
        Assert.IsType<ApprovalAsked.Oneself>(await Removal.AskAsync(Admin, Admin.Account, Never));
        Assert.IsType<ApprovalAsked.NotFound>(await Removal.AskAsync(Admin, clinic.Mallory?.Account.Account ?? AccountId.New(), Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Removal.AskAsync(_user.Account, Admin.Account, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => FourEyes.ListAsync(_user.Account, ApprovalKind.RemovePerson, Never));
        Assert.IsType<ApprovalDecision.NotWaiting>(await FourEyes.AgreeAsync(Admin, ApprovalId.New(), Never));
    }

    private async Task<ApprovalView> RequestAsync(Actor.Person viewer) =>
        Assert.Single(await FourEyes.ListAsync(viewer, ApprovalKind.RemovePerson, Never), one => one.Subject == _user.Account.Account.Value);

    private async Task StandingSinceAsync(AccountId account, TimeSpan ago)
    {
        DateTimeOffset? since = TimeProvider.System.GetUtcNow() - ago;
        await using var db = await Portal.Database.WriteAsync(clinic.Organisation, Never);
        await db.Accounts.Where(one => one.Id == account).ExecuteUpdateAsync(set => set.SetProperty(one => one.AdministratorSince, since), Never);
        await db.CommitAsync(Never);
    }

    private async Task<List<ManagedKey>> KeysAsync()
    {
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        return await db.ManagedKeys.Where(one => one.OwnerId == _user.Account.Account && one.Purpose == KeyPurpose.SignMessage).ToListAsync(Never);
    }

    private async Task<int> NoticesAsync(MailboxId mailbox)
    {
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        return await db.Messages.CountAsync(one => one.MailboxId == mailbox && one.State == MessageState.Opened, Never);
    }

    /// <returns>Tables that still hold something of the person, but for what proves what happened.</returns>
    private async Task<List<string>> LeftAsync(MailboxId mailbox)
    {
        string[] proofs = ["certificates", "managed_keys", "approvals"];
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        var left = new List<string>();
        foreach (var entity in db.Model.GetEntityTypes().Where(one => !proofs.Contains(one.GetTableName())))
        {
            foreach (var column in entity.GetProperties())
            {
                var kind = Nullable.GetUnderlyingType(column.ClrType) ?? column.ClrType;
                var id = kind == typeof(AccountId) ? _user.Account.Account.Value : kind == typeof(MailboxId) ? mailbox.Value : (Guid?)null;
                if (id is { } value)
                {
                    var sql = $"select count(*) as \"Value\" from \"{entity.GetTableName()}\" where \"{column.GetColumnName()}\" = {{0}}";
                    if (await db.Database.SqlQueryRaw<int>(sql, value).SingleAsync(Never) > 0)
                    {
                        left.Add($"{entity.GetTableName()}.{column.Name}");
                    }
                }
            }
        }

        return left;
    }
}
