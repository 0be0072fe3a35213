using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Compose;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Work;

namespace Portal.Application.Tests.Portals;

/// <summary>Mail that is sent later, when nobody is signed in.</summary>
public abstract class SchedulingContract(Clinic clinic) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly string _name = $"s{Guid.NewGuid():N}";
    private SignedInPerson _writer = null!;

    private TestPortal Portal => clinic.Portal;

    private Scheduling Scheduling => Portal.Get<Scheduling>();

    private static DateTimeOffset InTwoMinutes => TimeProvider.System.GetUtcNow().AddMinutes(2);

    public async ValueTask InitializeAsync() => _writer = await Portal.EnrolAsync(clinic.Organisation, $"{_name}@example.test");

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_scheduled_is_signed_and_sent_when_its_time_has_come_and_its_writer_has_left()
    {
        var draft = await Portal.WriteAsync(_writer, Mail.To("bob@example.test", _name));
        Assert.IsType<SendOutcome.Scheduled>(await ScheduleAsync(draft, InTwoMinutes));
        Assert.NotNull((await Portal.Get<Drafts>().OpenAsync(_writer.Account, draft, Never))!.SendAt);
        Assert.IsType<DraftSaving.Scheduled>(await Portal.Get<Drafts>().SaveAsync(_writer.Account, draft, Mail.To("bob@example.test", "Other"), null, Never));
        Assert.IsType<FileTaking.Scheduled>(await Portal.Get<DraftFiles>().AttachAsync(_writer.Account, draft, "a.txt", "text/plain", new MemoryStream([1]), Never));
        Assert.IsType<SendOutcome.Gone>(await Portal.SendAsync(_writer, draft));
        Assert.IsType<SendOutcome.Gone>(await ScheduleAsync(draft, InTwoMinutes));

        await Portal.Get<LiveSessions>().EndAsync(_writer.Account, _writer.Account.Account, _writer.Account.Session, Never);
        await BecomeDueAsync(draft);
        var row = await Portal.ReceiveAsync(clinic.Bob, _name);
        Assert.Equal(MessageVerdict.SignedValid, (await Portal.OpenAsync(clinic.Bob, row.Id)).Verdict.Verdict);
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        Assert.False(await db.SigningPermits.AnyAsync(one => one.Subject == draft.Value));
        Assert.False(await db.Drafts.AnyAsync(one => one.Id == draft));
    }

    [Fact]
    public async Task What_was_taken_back_is_a_draft_again_and_is_not_sent()
    {
        var draft = await Portal.WriteAsync(_writer, Mail.To("bob@example.test", _name));
        await ScheduleAsync(draft, InTwoMinutes);
        Assert.True(await Scheduling.CancelAsync(_writer.Account, draft, Never));
        Assert.IsType<DraftSaving.Saved>(await Portal.Get<Drafts>().SaveAsync(_writer.Account, draft, Mail.To("bob@example.test", _name), null, Never));
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        Assert.False(await db.WorkItems.AnyAsync(one => one.Subject == draft.Value));
        Assert.False(await db.SigningPermits.AnyAsync(one => one.Subject == draft.Value));
        Assert.IsType<SendOutcome.Accepted>(await Portal.SendAsync(_writer, draft));
        Assert.False(await Scheduling.CancelAsync(_writer.Account, draft, Never));
    }

    [Fact]
    public async Task What_cannot_be_sent_any_more_comes_back_and_its_writer_is_told()
    {
        var draft = await Portal.WriteAsync(_writer, Mail.To("bob@example.test", _name));
        await ScheduleAsync(draft, InTwoMinutes);
        await using (var db = await Portal.Database.WriteAsync(clinic.Organisation, Never))
        {
            // As an administrator's new rule, or an expired certificate, would.
            var row = await db.Drafts.SingleAsync(one => one.Id == draft, Never);
            using var key = await Portal.Get<Application.AtRest.DataKeys>().OfMailboxAsync(clinic.Organisation, _writer.Mailbox, Never);
            row.Save(DraftStore.Seal(key, draft, Mail.To("nobody@elsewhere.test", _name)), row.SavedAt);
            await db.CommitAsync(Never);
        }

        await BecomeDueAsync(draft);
        await Portal.ReceiveAsync(_writer, "A scheduled message was not sent");
        Assert.Null((await Portal.Get<Drafts>().OpenAsync(_writer.Account, draft, Never))!.SendAt);
    }

    [Fact]
    public async Task A_permit_is_worth_nothing_before_its_time_for_another_draft_to_a_disabled_person_and_for_opening()
    {
        var draft = await Portal.WriteAsync(_writer, Mail.To("bob@example.test", _name));
        await ScheduleAsync(draft, InTwoMinutes);
        var early = await PermittedAsync(draft);
        Assert.Equal(SendProblem.NotPermitted, Assert.IsType<SendOutcome.Refused>(await Portal.Get<Sending>().SendAsync(early, draft, UnencryptableChoice.Ask, [], null, Never)).Problem);

        await PermitDueAsync(draft);
        var other = await Portal.WriteAsync(_writer, Mail.To("bob@example.test", $"{_name} other"));
        Assert.IsType<SendOutcome.Gone>(await Portal.Get<Sending>().SendAsync(early, other, UnencryptableChoice.Ask, [], null, Never));
        Assert.IsType<PersonChange.Done>(await Portal.Get<People>().DisableAsync(clinic.Alice.Account, _writer.Account.Account, Never));
        Assert.IsType<SendOutcome.Refused>(await Portal.Get<Sending>().SendAsync(early, draft, UnencryptableChoice.Ask, [], null, Never));
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        Assert.False(await db.SigningPermits.AnyAsync(one => one.Subject == draft.Value));
        Assert.True(await db.AuditEntries.AnyAsync(one => one.Action == AuditAction.KeyUseDenied));
    }

    [Fact]
    public async Task A_time_that_has_passed_or_is_years_away_and_what_could_not_be_sent_now_are_refused()
    {
        var draft = await Portal.WriteAsync(_writer, Mail.To("bob@example.test", _name));
        Assert.Equal(SendProblem.NoSuchTime, Assert.IsType<SendOutcome.Refused>(await ScheduleAsync(draft, TimeProvider.System.GetUtcNow())).Problem);
        Assert.Equal(SendProblem.NoSuchTime, Assert.IsType<SendOutcome.Refused>(await ScheduleAsync(draft, TimeProvider.System.GetUtcNow().AddYears(2))).Problem);
        var unaddressed = await Portal.WriteAsync(_writer, Mail.To("", _name));
        Assert.Equal(SendProblem.NoRecipient, Assert.IsType<SendOutcome.Refused>(await ScheduleAsync(unaddressed, InTwoMinutes)).Problem);
        var foreign = await Scheduling.ScheduleAsync(clinic.Bob.Account, draft, UnencryptableChoice.Ask, [], InTwoMinutes, Never);
        Assert.IsType<SendOutcome.Gone>(foreign);
    }

    private Task<SendOutcome> ScheduleAsync(DraftId draft, DateTimeOffset at) =>
        Scheduling.ScheduleAsync(_writer.Account, draft, UnencryptableChoice.Ask, [], at, Never);

    private async Task<Actor.Person> PermittedAsync(DraftId draft)
    {
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        var permit = await db.SigningPermits.SingleAsync(one => one.Subject == draft.Value, Never);
        return _writer.Account with { Permit = permit.Id };
    }

    private async Task PermitDueAsync(DraftId draft)
    {
        await using var db = await Portal.Database.WriteAsync(clinic.Organisation, Never);
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await db.SigningPermits.Where(one => one.Subject == draft.Value).ExecuteUpdateAsync(set => set.SetProperty(one => one.NotBefore, past), Never);
        await db.CommitAsync(Never);
    }

    private async Task BecomeDueAsync(DraftId draft)
    {
        await PermitDueAsync(draft);
        await using var db = await Portal.Database.WriteAsync(clinic.Organisation, Never);
        await WorkQueue.DueNowAsync(db, clinic.Organisation, WorkKind.SendScheduled, draft.Value, Never);
        await db.CommitAsync(Never);
    }
}

public sealed class SchedulingOnPostgresTests(PostgresClinic clinic) : SchedulingContract(clinic);

public sealed class SchedulingOnSqliteTests(SqliteClinic clinic) : SchedulingContract(clinic);
