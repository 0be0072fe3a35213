using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;

namespace Portal.Application.Accounts;

/// <summary>The organisation's people, for whoever may manage them.</summary>
public sealed class People
{
    private readonly PortalDatabase _database;
    private readonly LiveSessions _live;
    private readonly OneTimeLinks _links;
    private readonly TimeProvider _clock;

    internal People(PortalDatabase database, LiveSessions live, OneTimeLinks links, TimeProvider clock) =>
        (_database, _live, _links, _clock) = (database, live, links, clock);

    /// <summary>By name; those who cannot sign in come last.</summary>
    public async Task<IReadOnlyList<PersonRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var accounts = db.Accounts
            .Where(one => one.OrganisationId == actor.Organisation)
            .OrderBy(one => one.Disabled).ThenBy(one => one.DisplayName).ThenBy(one => one.NormalisedEmail);
        return await Rows(db, accounts).ToListAsync(cancellationToken);
    }

    /// <returns>Null when there is no such person in this organisation.</returns>
    public async Task<PersonView?> FindAsync(Actor actor, AccountId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        var sessions = await _live.ListAsync(actor.Organisation, id, cancellationToken);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var account = db.Accounts.Where(one => one.OrganisationId == actor.Organisation && one.Id == id);
        var row = await Rows(db, account).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return null;
        }

        var created = await account.Select(one => one.CreatedAt).SingleAsync(cancellationToken);
        var passkeys = await db.AccountPasskeys.CountAsync(one => one.AccountId == id, cancellationToken);
        return new PersonView(row, created, passkeys, sessions);
    }

    /// <returns>Null when nobody signs in with this address here.</returns>
    public async Task<AccountId?> FindByEmailAsync(Actor actor, string email, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        var normalised = Account.Normalise(email);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.Accounts
            .Where(one => one.OrganisationId == actor.Organisation && one.NormalisedEmail == normalised)
            .Select(one => (AccountId?)one.Id)
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<InvitationRow>> ListInvitationsAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        var now = _clock.GetUtcNow();
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.OneTimeLinks
            .Where(one => one.OrganisationId == actor.Organisation && one.Purpose == OneTimeLinkPurpose.Join && one.UsedAt == null && one.ExpiresAt > now)
            .OrderBy(one => one.Email)
            .Select(one => new InvitationRow(one.Id, one.DisplayName!, one.Email!, one.Roles, one.ExpiresAt))
            .ToListAsync(cancellationToken);
    }

    public async Task WithdrawAsync(Actor actor, OneTimeLinkId invitation, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var link = await db.OneTimeLinks.SingleOrDefaultAsync(
            one => one.OrganisationId == actor.Organisation && one.Id == invitation && one.UsedAt == null, cancellationToken);
        if (link is not null)
        {
            link.Close(_clock.GetUtcNow());
            db.Record(new AuditEvent(actor, AuditAction.InvitationWithdrawn, invitation.Value));
            await db.CommitAsync(cancellationToken);
        }
    }

    public Task<PersonChange> ChangeRolesAsync(Actor actor, AccountId id, Roles roles, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, AuditAction.RolesChanged, account => account.Become(roles, _clock.GetUtcNow()), ends: false, new() { ["roles"] = $"{roles}" }, cancellationToken);

    /// <summary>Ends their sessions too; mail that arrives is kept.</summary>
    public async Task<PersonChange> DisableAsync(Actor actor, AccountId id, CancellationToken cancellationToken) =>
        actor is Actor.Person person && person.Account == id
            ? new PersonChange.Oneself()
            : await ChangeAsync(actor, id, AuditAction.AccountDisabled, account => account.Disable(), ends: true, [], cancellationToken);

    /// <summary>Also after too many wrong passwords.</summary>
    public Task<PersonChange> EnableAsync(Actor actor, AccountId id, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, AuditAction.AccountEnabled, account => account.Enable(), ends: false, [], cancellationToken);

    public async Task EndSessionAsync(Actor actor, AccountId id, SessionId session, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        await _live.EndAsync(actor, id, session, cancellationToken);
    }

    /// <summary>A link with which the person chooses a new password; their present one goes on until then.</summary>
    /// <returns>Null when there is no such person in this organisation.</returns>
    public async Task<IssuedLink?> IssueNewPasswordLinkAsync(Actor actor, AccountId id, bool resetsSecondFactors, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (!await db.Accounts.AnyAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken))
        {
            return null;
        }

        var link = await _links.ForNewPasswordAsync(db, actor.Organisation, id, resetsSecondFactors, cancellationToken);
        db.Record(new AuditEvent(
            actor, AuditAction.NewPasswordLinkIssued, id.Value, new Dictionary<string, string> { ["secondFactorsToo"] = $"{resetsSecondFactors}" }));
        await db.CommitAsync(cancellationToken);
        return link;
    }

    private async Task<PersonChange> ChangeAsync(
        Actor actor, AccountId id, AuditAction action, Action<Account> change, bool ends, Dictionary<string, string> detail, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var account = await db.Accounts.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken);
        if (account is null)
        {
            return new PersonChange.NotFound();
        }

        change(account);
        if (ends)
        {
            await _live.EndAllAsync(db, actor.Organisation, id, except: null, cancellationToken);
        }

        db.Record(new AuditEvent(actor, action, id.Value, detail));
        await db.SaveChangesAsync(cancellationToken);

        // Two who demote each other at once meet here: the second sees what the first has saved.
        await db.LockAuditChainAsync(actor.Organisation, cancellationToken);
        var remaining = await db.Accounts
            .Where(one => one.OrganisationId == actor.Organisation && !one.Disabled)
            .Select(one => one.Roles)
            .Distinct()
            .ToListAsync(cancellationToken);
        if (!remaining.Exists(one => one.Allow(Permission.ManagePeople)))
        {
            return new PersonChange.LastAdministrator();
        }

        await db.CommitAsync(cancellationToken);
        return new PersonChange.Done();
    }

    private static IQueryable<PersonRow> Rows(PortalDbContext db, IQueryable<Account> accounts) => accounts
        .Select(one => new PersonRow(
            one.Id,
            one.DisplayName,
            one.Email,
            one.Roles,
            one.Disabled,
            one.LockedUntil,
            one.UsesAuthenticator || db.AccountPasskeys.Any(passkey => passkey.AccountId == one.Id),
            one.LastSignInAt));
}
