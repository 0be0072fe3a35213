using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Policies;
using Portal.Application.Work;

namespace Portal.Application.Compose;

/// <summary>Messages that are sent later: the draft is closed to changes, and its writer leaves a permit to sign it in their name.</summary>
public sealed class Scheduling
{
    private static readonly TimeSpan Soonest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Latest = TimeSpan.FromDays(366);

    private readonly PortalDatabase _database;
    private readonly LiveSessions _live;
    private readonly Sending _sending;
    private readonly TimeProvider _clock;

    internal Scheduling(PortalDatabase database, LiveSessions live, Sending sending, TimeProvider clock) =>
        (_database, _live, _sending, _clock) = (database, live, sending, clock);

    /// <returns>What could not be sent now is refused; the draft is as it was.</returns>
    public async Task<SendOutcome> ScheduleAsync(
        Actor.Person actor,
        DraftId id,
        UnencryptableChoice choice,
        IReadOnlyCollection<ConfirmedWarning> confirmed,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (at < now + Soonest || at > now + Latest)
        {
            return new SendOutcome.Refused(SendProblem.NoSuchTime, [], []);
        }

        if (await _sending.CheckAsync(actor, id, choice, confirmed, cancellationToken) is { } reason)
        {
            return reason;
        }

        if (await _live.FindAsync(actor, seen: true, cancellationToken) is null)
        {
            return new SendOutcome.Refused(SendProblem.NotPermitted, [], []);
        }

        return await LeaveAsync(actor, id, choice, confirmed, at, at - now, cancellationToken) ? new SendOutcome.Scheduled(at) : new SendOutcome.Gone();
    }

    /// <summary>Sends now; where the key store does not answer, the message waits for it and is sent by itself.</summary>
    /// <param name="actor">The sender.</param>
    /// <param name="id">The draft.</param>
    /// <param name="choice">About whoever cannot be sent to as it should be.</param>
    /// <param name="confirmed">Warnings of rules that the sender has read.</param>
    /// <param name="percent">Told how far it is, 1 to 99; null where nobody waits.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<SendOutcome> SendAsync(
        Actor.Person actor, DraftId id, UnencryptableChoice choice, IReadOnlyCollection<ConfirmedWarning> confirmed, IProgress<int>? percent, CancellationToken cancellationToken)
    {
        var outcome = await _sending.SendAsync(actor, id, choice, confirmed, percent, cancellationToken);
        return outcome is not SendOutcome.Refused { Problem: SendProblem.KeyUnavailable } ? outcome
            : await LeaveAsync(actor, id, choice, confirmed, _clock.GetUtcNow(), ScheduledWork.Retry, cancellationToken) ? new SendOutcome.Waits()
            : new SendOutcome.Gone();
    }

    // Closed to changes, with a permit to sign it.
    private async Task<bool> LeaveAsync(
        Actor.Person actor, DraftId id, UnencryptableChoice choice, IReadOnlyCollection<ConfirmedWarning> confirmed, DateTimeOffset at, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await db.DraftsOf(actor).SingleOrDefaultAsync(one => one.Id == id && one.SendAt == null, cancellationToken) is not { } draft)
        {
            return false;
        }

        draft.Schedule(at, choice, confirmed);
        db.SigningPermits.Add(new SigningPermit(actor, id.Value, at, _clock.GetUtcNow()));
        WorkQueue.Enqueue(db, actor.Organisation, WorkKind.SendScheduled, id.Value, await db.NowAsync(cancellationToken) + delay);
        db.Record(new AuditEvent(actor, AuditAction.SendScheduled, id.Value, new Dictionary<string, string> { ["at"] = at.ToString("O") }));
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <returns>False when it was sent or discarded meanwhile.</returns>
    public async Task<bool> CancelAsync(Actor.Person actor, DraftId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await db.DraftsOf(actor).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } draft)
        {
            return false;
        }

        if (draft.SendAt is not null)
        {
            await ReleaseAsync(db, draft, cancellationToken);
            await WorkQueue.WithdrawAsync(db, actor.Organisation, WorkKind.SendScheduled, id.Value, cancellationToken);
            db.Record(new AuditEvent(actor, AuditAction.SendUnscheduled, id.Value));
            await db.CommitAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>A draft like any other again.</summary>
    internal static async Task ReleaseAsync(PortalDbContext db, Draft draft, CancellationToken cancellationToken)
    {
        draft.Unschedule();
        await db.SigningPermits
            .Where(one => one.OrganisationId == draft.OrganisationId && one.Subject == draft.Id.Value)
            .ExecuteDeleteAsync(cancellationToken);
    }
}
