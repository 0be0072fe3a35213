using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Outbox;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.Compose;

/// <summary>Sends what is due. What cannot be sent becomes a draft again, and its writer is told.</summary>
internal sealed class ScheduledWork(PortalDatabase database, Sending sending, Notices notices, TimeProvider clock) : IWorkHandler
{
    internal static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    /// <summary>For as long an unreachable key store is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    public WorkKind Kind => WorkKind.SendScheduled;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        if (await FindAsync(work, cancellationToken) is not var (draft, account, permit))
        {
            await EndAsync(work, cancellationToken);
            return;
        }

        var writer = new Actor.Person(work.Organisation, account.Id, account.Roles, permit.SessionId, permit.Id);
        var outcome = await sending.SendAsync(writer, draft.Id, draft.SendChoice, draft.ConfirmedWarnings, null, cancellationToken);
        if (outcome is not SendOutcome.Refused refused)
        {
            await EndAsync(work, cancellationToken);
        }
        else if (refused.Problem == SendProblem.KeyUnavailable && clock.GetUtcNow() < draft.SendAt + Patience)
        {
            await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
            await WorkQueue.RescheduleAsync(db, work, Retry, endedWell: false, cancellationToken);
            await db.CommitAsync(cancellationToken);
        }
        else
        {
            await GiveBackAsync(work, draft, account, refused.Problem, cancellationToken);
        }
    }

    private async Task<(Draft Draft, Account Account, SigningPermit Permit)?> FindAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(work.Organisation, cancellationToken);
        var draft = await db.Drafts.SingleOrDefaultAsync(
            one => one.OrganisationId == work.Organisation && one.Id == new DraftId(work.Subject) && one.SendAt != null, cancellationToken);
        var permit = await db.SigningPermits.SingleOrDefaultAsync(
            one => one.OrganisationId == work.Organisation && one.Subject == work.Subject, cancellationToken);
        if (draft is null || permit is null)
        {
            return null;
        }

        return (draft, await db.Accounts.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == permit.AccountId, cancellationToken), permit);
    }

    private async Task GiveBackAsync(ClaimedWork work, Draft draft, Account writer, SendProblem problem, CancellationToken cancellationToken)
    {
        _ = AddrSpec.TryParse(writer.Email, out var address);
        var notice = await notices.PrepareAsync(
            work.Organisation, writer.Id, address!, ComposeTexts.NotSentSubject, ComposeTexts.NotSentBody.With(draft.SendAt!.Value.UtcDateTime), cancellationToken);
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        if (await db.Drafts.SingleOrDefaultAsync(one => one.OrganisationId == work.Organisation && one.Id == draft.Id, cancellationToken) is { } row)
        {
            await Scheduling.ReleaseAsync(db, row, cancellationToken);
            db.Record(new AuditEvent(
                new Actor.Portal(work.Organisation, "scheduled-sending"),
                AuditAction.SendUnscheduled,
                draft.Id.Value,
                new Dictionary<string, string> { ["problem"] = problem.ToString() }));
            await notices.EnqueueAsync(db, notice, cancellationToken);
            db.Announce(draft.MailboxId);
        }

        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private async Task EndAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
