using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Work;

namespace Portal.Application.Approvals;

/// <summary>Four eyes: what cannot be undone waits for a second administrator, and where there is none, for a day in which everybody concerned can object.</summary>
public sealed class FourEyes
{
    /// <summary>For which an only administrator's request waits, and for which somebody has to have been an administrator to count as a second one.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromHours(24);

    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    private readonly PortalDatabase _database;
    private readonly TimeProvider _clock;

    internal FourEyes(PortalDatabase database, TimeProvider clock) => (_database, _clock) = (database, clock);

    /// <summary>What waits, the newest first.</summary>
    public async Task<IReadOnlyList<ApprovalView>> ListAsync(Actor.Person actor, ApprovalKind kind, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var standing = await StandingAsync(db, actor, cancellationToken);
        var waiting = await Waiting(db, actor.Organisation).Where(one => one.Kind == kind).OrderByDescending(one => one.AskedAt).ToListAsync(cancellationToken);
        var concerned = waiting.SelectMany(one => new[] { one.AskedBy, new AccountId(one.Subject) }).Distinct().ToList();
        var names = await db.Accounts
            .Where(one => one.OrganisationId == actor.Organisation && concerned.Contains(one.Id))
            .ToDictionaryAsync(one => one.Id, one => one.DisplayName, cancellationToken);
        return waiting.ConvertAll(one => new ApprovalView(
            one.Id,
            one.Kind,
            one.Subject,
            names.GetValueOrDefault(new AccountId(one.Subject), string.Empty),
            names.GetValueOrDefault(one.AskedBy),
            one.AskedAt,
            one.DueAt,
            one.AskedAt + Life,
            one.AskedBy == actor.Account ? ApprovalStanding.OwnRequest : standing));
    }

    /// <summary>The second administrator's word: it is done now.</summary>
    public async Task<ApprovalDecision> AgreeAsync(Actor.Person actor, ApprovalId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await Waiting(db, actor.Organisation).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } approval)
        {
            return new ApprovalDecision.NotWaiting();
        }

        var standing = approval.AskedBy == actor.Account ? ApprovalStanding.OwnRequest : await StandingAsync(db, actor, cancellationToken);
        if (standing != ApprovalStanding.MayAgree)
        {
            return new ApprovalDecision.NotAllowed(standing);
        }

        if (!await DecideAsync(db, actor, approval, ApprovalState.Given, cancellationToken))
        {
            return new ApprovalDecision.NotWaiting();
        }

        await WorkQueue.DueNowAsync(db, actor.Organisation, WorkOf(approval.Kind), id.Value, cancellationToken);
        db.Record(Event(actor, AuditAction.ApprovalGiven, approval));
        await db.CommitAsync(cancellationToken);
        return new ApprovalDecision.Done();
    }

    /// <summary>Any administrator's word is enough for nothing to happen.</summary>
    public async Task<ApprovalDecision> WithdrawAsync(Actor.Person actor, ApprovalId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await Waiting(db, actor.Organisation).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } approval
            || !await DecideAsync(db, actor, approval, ApprovalState.Withdrawn, cancellationToken))
        {
            return new ApprovalDecision.NotWaiting();
        }

        await WorkQueue.WithdrawAsync(db, actor.Organisation, WorkOf(approval.Kind), id.Value, cancellationToken);
        db.Record(Event(actor, AuditAction.ApprovalWithdrawn, approval));
        await db.CommitAsync(cancellationToken);
        return new ApprovalDecision.Done();
    }

    /// <summary>In the transaction that tells whom it concerns.</summary>
    /// <returns>Null when the same waits already.</returns>
    internal async Task<ApprovalAsked.Asked?> AskAsync(
        PortalDbContext db, Actor.Person actor, ApprovalKind kind, Guid subject, CancellationToken cancellationToken)
    {
        // Two who ask at once meet here.
        await db.LockAuditChainAsync(actor.Organisation, cancellationToken);
        if (await Waiting(db, actor.Organisation).AnyAsync(one => one.Kind == kind && one.Subject == subject, cancellationToken))
        {
            return null;
        }

        var now = await db.NowAsync(cancellationToken);
        var since = now - Delay;
        var second = await Administrators(db, actor.Organisation).AnyAsync(one => one.Id != actor.Account && one.AdministratorSince <= since, cancellationToken);
        var approval = new Approval(actor.Organisation, kind, subject, actor.Account, now, second ? null : now + Delay);
        db.Approvals.Add(approval);
        if (!second)
        {
            WorkQueue.Enqueue(db, actor.Organisation, WorkOf(kind), approval.Id.Value, now + Delay);
        }

        db.Record(Event(actor, AuditAction.ApprovalAsked, approval));
        return new ApprovalAsked.Asked(approval.DueAt);
    }

    /// <returns>Null when nobody agreed, or the day has not passed.</returns>
    internal async Task<Approval?> FindGivenAsync(OrganisationId organisation, ApprovalId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        return await db.Approvals.SingleOrDefaultAsync(
            one => one.OrganisationId == organisation && one.Id == id
                && (one.State == ApprovalState.Given || (one.State == ApprovalState.Waiting && one.DueAt <= now)),
            cancellationToken);
    }

    /// <returns>The newest request about it that was neither withdrawn nor carried out; null when there is none, or it has lapsed.</returns>
    internal async Task<FoundApproval?> FindAsync(PortalDbContext db, OrganisationId organisation, ApprovalKind kind, Guid subject, CancellationToken cancellationToken)
    {
        var (now, lapsed) = (await db.NowAsync(cancellationToken), _clock.GetUtcNow() - Life);
        var found = await db.Approvals
            .Where(one => one.OrganisationId == organisation && one.Kind == kind && one.Subject == subject && one.AskedAt > lapsed)
            .Where(one => one.State == ApprovalState.Waiting || one.State == ApprovalState.Given)
            .OrderByDescending(one => one.AskedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : new FoundApproval(found, found.State == ApprovalState.Given || found.DueAt <= now);
    }

    /// <summary>In the transaction that ends the work.</summary>
    internal static Task EndAsync(PortalDbContext db, Approval approval, ApprovalState state, CancellationToken cancellationToken) => db.Approvals
        .Where(one => one.OrganisationId == approval.OrganisationId && one.Id == approval.Id)
        .ExecuteUpdateAsync(set => set.SetProperty(one => one.State, state), cancellationToken);

    internal static IQueryable<Account> Administrators(PortalDbContext db, OrganisationId organisation) =>
        db.Accounts.Where(one => one.OrganisationId == organisation && !one.Disabled && one.AdministratorSince != null);

    private async Task<ApprovalStanding> StandingAsync(PortalDbContext db, Actor.Person actor, CancellationToken cancellationToken)
    {
        var since = _clock.GetUtcNow() - Delay;
        return await Administrators(db, actor.Organisation).AnyAsync(one => one.Id == actor.Account && one.AdministratorSince <= since, cancellationToken)
            ? ApprovalStanding.MayAgree
            : ApprovalStanding.TooNew;
    }

    private IQueryable<Approval> Waiting(PortalDbContext db, OrganisationId organisation)
    {
        var lapsed = _clock.GetUtcNow() - Life;
        return db.Approvals.Where(one => one.OrganisationId == organisation && one.State == ApprovalState.Waiting && one.AskedAt > lapsed);
    }

    private async Task<bool> DecideAsync(PortalDbContext db, Actor.Person actor, Approval approval, ApprovalState state, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        return await db.Approvals
            .Where(one => one.OrganisationId == actor.Organisation && one.Id == approval.Id && one.State == ApprovalState.Waiting)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(one => one.State, state)
                    .SetProperty(one => one.DecidedBy, (AccountId?)actor.Account)
                    .SetProperty(one => one.DecidedAt, (DateTimeOffset?)now),
                cancellationToken) == 1;
    }

    private static WorkKind WorkOf(ApprovalKind kind) => kind switch
    {
        ApprovalKind.RemovePerson => WorkKind.RemovePerson,
        ApprovalKind.DestroyKey => WorkKind.DestroyKey,
        ApprovalKind.ExportKeys => WorkKind.KeysMayLeave,
    };

    private static AuditEvent Event(Actor actor, AuditAction action, Approval approval) => new(
        actor,
        action,
        approval.Subject,
        new Dictionary<string, string> { ["kind"] = approval.Kind.ToString(), ["approval"] = approval.Id.ToString() });
}

/// <param name="Approval">As it is stored.</param>
/// <param name="IsGiven">Somebody agreed, or the day has passed where there is nobody.</param>
internal sealed record FoundApproval(Approval Approval, bool IsGiven);
