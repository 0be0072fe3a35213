using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;

namespace Portal.Application.Policies;

/// <summary>An organisation's rules for mail that goes out.</summary>
public sealed class OutgoingRules
{
    private const int Most = 100;
    private readonly PortalDatabase _database;
    private readonly TimeProvider _clock;

    internal OutgoingRules(PortalDatabase database, TimeProvider clock) => (_database, _clock) = (database, clock);

    /// <summary>In the order in which they were made; it decides nothing.</summary>
    public async Task<IReadOnlyList<RuleView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await ViewsAsync(db, db.OutgoingRules.Where(one => one.OrganisationId == actor.Organisation), cancellationToken);
    }

    /// <returns>Null when there is no such rule in this organisation.</returns>
    public async Task<RuleView?> FindAsync(Actor actor, OutgoingRuleId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return (await ViewsAsync(db, db.OutgoingRules.Where(one => one.OrganisationId == actor.Organisation && one.Id == id), cancellationToken)).SingleOrDefault();
    }

    public async Task<RuleChange> AddAsync(Actor actor, OutgoingRuleDefinition typed, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        var definition = RuleChecking.Normalised(typed);
        if (RuleChecking.Check(definition) is { } problem)
        {
            return new RuleChange.Invalid(problem);
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await db.OutgoingRules.CountAsync(one => one.OrganisationId == actor.Organisation, cancellationToken) >= Most)
        {
            return new RuleChange.Invalid(RuleProblem.TooMany);
        }

        var rule = new OutgoingRule(actor.Organisation, definition, By(actor), _clock.GetUtcNow());
        db.OutgoingRules.Add(rule);
        db.Record(Event(actor, AuditAction.OutgoingRuleAdded, rule, definition.Facts("new")));
        await db.CommitAsync(cancellationToken);
        return new RuleChange.Done(rule.Id);
    }

    /// <param name="actor">Whose organisation.</param>
    /// <param name="id">Which rule.</param>
    /// <param name="version">As it was shown.</param>
    /// <param name="typed">What it says from now on.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<RuleChange> ChangeAsync(Actor actor, OutgoingRuleId id, long version, OutgoingRuleDefinition typed, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        var definition = RuleChecking.Normalised(typed);
        return RuleChecking.Check(definition) is { } problem
            ? new RuleChange.Invalid(problem)
            : await TouchAsync(
                actor,
                id,
                version,
                (_, rule) =>
                {
                    var old = OutgoingRuleDefinition.Read(rule.Definition)?.Facts("old") ?? [KeyValuePair.Create("old", "unreadable")];
                    rule.Define(definition, By(actor), _clock.GetUtcNow());
                    return Event(actor, AuditAction.OutgoingRuleChanged, rule, [.. old, .. definition.Facts("new")]);
                },
                cancellationToken);
    }

    public Task<RuleChange> SwitchAsync(Actor actor, OutgoingRuleId id, long version, bool on, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        return TouchAsync(
            actor,
            id,
            version,
            (_, rule) =>
            {
                var old = KeyValuePair.Create("old.on", rule.IsOn.ToString());
                rule.Switch(on, By(actor), _clock.GetUtcNow());
                return Event(actor, AuditAction.OutgoingRuleChanged, rule, [old, KeyValuePair.Create("new.on", on.ToString())]);
            },
            cancellationToken);
    }

    public Task<RuleChange> RemoveAsync(Actor actor, OutgoingRuleId id, long version, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        return TouchAsync(
            actor,
            id,
            version,
            (db, rule) =>
            {
                db.OutgoingRules.Remove(rule);
                return Event(actor, AuditAction.OutgoingRuleRemoved, rule, OutgoingRuleDefinition.Read(rule.Definition)?.Facts("old") ?? [KeyValuePair.Create("old", "unreadable")]);
            },
            cancellationToken);
    }

    /// <summary>Those that count now; whoever may send is bound by them.</summary>
    internal static async Task<IReadOnlyList<EffectiveRule>> EffectiveAsync(PortalDbContext db, OrganisationId organisation, CancellationToken cancellationToken)
    {
        var rows = await db.OutgoingRules.Where(one => one.OrganisationId == organisation && one.IsOn).OrderBy(one => one.CreatedAt).ToListAsync(cancellationToken);
        return rows.ConvertAll(one => new EffectiveRule(one.Id, one.Version, OutgoingRuleDefinition.Read(one.Definition)));
    }

    private async Task<RuleChange> TouchAsync(
        Actor actor, OutgoingRuleId id, long version, Func<PortalDbContext, OutgoingRule, AuditEvent> touch, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var rule = await db.OutgoingRules.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken);
        if (rule is null)
        {
            return new RuleChange.Gone();
        }

        if (rule.Version != version)
        {
            return new RuleChange.ChangedElsewhere();
        }

        db.Record(touch(db, rule));
        try
        {
            await db.CommitAsync(cancellationToken);
            return new RuleChange.Done(id);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new RuleChange.ChangedElsewhere();
        }
    }

    private static async Task<List<RuleView>> ViewsAsync(PortalDbContext db, IQueryable<OutgoingRule> rules, CancellationToken cancellationToken)
    {
        var rows = await (
            from rule in rules
            join account in db.Accounts on rule.ChangedBy equals (AccountId?)account.Id into changers
            from account in changers.DefaultIfEmpty()
            orderby rule.CreatedAt, rule.Id
            select new { rule, By = account == null ? null : account.DisplayName }).ToListAsync(cancellationToken);
        return rows.ConvertAll(one => new RuleView(
            one.rule.Id, one.rule.Version, one.rule.IsOn, OutgoingRuleDefinition.Read(one.rule.Definition), one.rule.ChangedAt, one.By));
    }

    private static AccountId? By(Actor actor) => (actor as Actor.Person)?.Account;

    private static AuditEvent Event(Actor actor, AuditAction action, OutgoingRule rule, IEnumerable<KeyValuePair<string, string>> facts) =>
        new(actor, action, rule.Id.Value, new Dictionary<string, string>(facts));
}
