using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.Audit;
using Portal.Application.Organisations;

namespace Portal.Application.Accounts;

/// <summary>Who is signed in where: begins, finds and ends sessions. A session that is not found here opens nothing and signs nothing.</summary>
internal sealed class LiveSessions(PortalDatabase database, IOptions<LiveSessionOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan SeenGrain = TimeSpan.FromMinutes(1);

    public async Task<Actor.Person> BeginAsync(Account account, SessionOrigin origin, bool secondFactor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var session = new AccountSession(account, origin, secondFactor, now);
        var actor = new Actor.Person(account.OrganisationId, account.Id, account.Roles, session.Id);
        await using var db = await database.WriteAsync(account.OrganisationId, cancellationToken);
        db.AccountSessions.Add(session);
        await db.Accounts
            .Where(one => one.OrganisationId == account.OrganisationId && one.Id == account.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.LastSignInAt, now), cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.SignIn, account.Id.Value, new Dictionary<string, string>
        {
            ["session"] = session.Id.ToString(),
            ["secondFactor"] = secondFactor ? "true" : "false",
        }));
        await db.CommitAsync(cancellationToken);
        return actor;
    }

    /// <summary>The person as they are now.</summary>
    /// <param name="person">As their session says.</param>
    /// <param name="seen">The person did something: the time of idleness begins anew.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when the session has ended, was idle too long, or the account is disabled or needs a second factor that was not given.</returns>
    public async Task<Account?> FindAsync(Actor.Person person, bool seen, CancellationToken cancellationToken)
    {
        if (person.Permit is { } permit)
        {
            return await FindAsync(person, permit, cancellationToken);
        }

        var now = clock.GetUtcNow();
        bool isStale;
        Account? account;
        await using (var db = await database.ReadAsync(person.Organisation, cancellationToken))
        {
            var (oldest, earliest) = (now - options.Value.Idle, now - options.Value.Longest);
            var found = await db.AccountSessions
                .Where(one => one.OrganisationId == person.Organisation && one.Id == person.Session && one.AccountId == person.Account
                    && one.EndedAt == null && one.LastSeenAt > oldest && one.BeganAt > earliest)
                .Join(db.Accounts, one => one.AccountId, account => account.Id, (session, account) => new { session, account })
                .SingleOrDefaultAsync(cancellationToken);
            var demand = await db.Organisations.Where(one => one.Id == person.Organisation).Select(one => one.SecondFactor).SingleOrDefaultAsync(cancellationToken);
            account = found is { account.Disabled: false } && (found.session.SecondFactor || !demand.Covers(found.account.Roles)) ? found.account : null;
            isStale = seen && account is not null && now - found!.session.LastSeenAt > SeenGrain;
        }

        if (isStale)
        {
            await using var db = await database.WriteAsync(person.Organisation, cancellationToken);
            await Session(db, person.Organisation, person.Session).ExecuteUpdateAsync(set => set.SetProperty(one => one.LastSeenAt, now), cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        return account;
    }

    /// <summary>Where it matters too much to wait until an open page has noticed: the session lives, and the person as they are now may.</summary>
    /// <exception cref="UnauthorizedAccessException">One of the two is not so.</exception>
    public async Task DemandAsync(Actor actor, Permission permission, CancellationToken cancellationToken)
    {
        actor.Demand(permission);
        if (actor is Actor.Person person && (await FindAsync(person, seen: false, cancellationToken))?.Roles.Allow(permission) != true)
        {
            throw new UnauthorizedAccessException($"{person.Account} has no permission to {permission} any more.");
        }
    }

    public async Task<IReadOnlyList<SessionView>> ListAsync(OrganisationId organisation, AccountId account, CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - options.Value.Idle;
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.AccountSessions
            .Where(one => one.OrganisationId == organisation && one.AccountId == account && one.EndedAt == null && one.LastSeenAt > oldest)
            .OrderByDescending(one => one.LastSeenAt)
            .Select(one => new SessionView(one.Id, one.Browser, one.Network, one.SecondFactor, one.BeganAt, one.LastSeenAt))
            .ToListAsync(cancellationToken);
    }

    public async Task EndAsync(Actor actor, AccountId account, SessionId session, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        var ended = await EndAsync(Session(db, actor.Organisation, session).Where(one => one.AccountId == account), cancellationToken);
        if (ended > 0)
        {
            db.Record(new AuditEvent(actor, AuditAction.SignOut, account.Value, new Dictionary<string, string> { ["session"] = session.ToString() }));
        }

        await db.CommitAsync(cancellationToken);
    }

    /// <summary>In the transaction that made them worthless: a new password, a disabled account. With the last one go the permits that were left behind.</summary>
    public async Task EndAllAsync(PortalDbContext db, OrganisationId organisation, AccountId account, SessionId? except, CancellationToken cancellationToken)
    {
        await EndAsync(db.AccountSessions.Where(one => one.OrganisationId == organisation && one.AccountId == account && one.Id != except), cancellationToken);
        if (except is null)
        {
            await db.SigningPermits.Where(one => one.OrganisationId == organisation && one.AccountId == account).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private async Task<Account?> FindAsync(Actor.Person person, PermitId permit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await database.ReadAsync(person.Organisation, cancellationToken);
        return await db.SigningPermits
            .Where(one => one.OrganisationId == person.Organisation && one.Id == permit && one.AccountId == person.Account && one.NotBefore <= now)
            .Join(db.Accounts.Where(one => !one.Disabled), one => one.AccountId, account => account.Id, (_, account) => account)
            .SingleOrDefaultAsync(cancellationToken);
    }

    private Task<int> EndAsync(IQueryable<AccountSession> sessions, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return sessions.Where(one => one.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(one => one.EndedAt, (DateTimeOffset?)now), cancellationToken);
    }

    private static IQueryable<AccountSession> Session(PortalDbContext db, OrganisationId organisation, SessionId session) =>
        db.AccountSessions.Where(one => one.OrganisationId == organisation && one.Id == session);
}
