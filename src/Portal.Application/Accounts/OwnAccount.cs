using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Smime.Pkix;

namespace Portal.Application.Accounts;

/// <param name="DisplayName">As recipients see it.</param>
/// <param name="Email">The address that signs in.</param>
/// <param name="Roles">What they are.</param>
/// <param name="Language">Such as de; none where the browser decides.</param>
/// <param name="TimeZone">By its IANA name; none where the browser decides.</param>
/// <param name="RecoveryEmail">Another address of theirs, for a forgotten password.</param>
/// <param name="UsesAuthenticator">A code is asked for at sign-in.</param>
public sealed record OwnAccountView(
    string DisplayName, string Email, Roles Roles, string? Language, string? TimeZone, string? RecoveryEmail, bool UsesAuthenticator);

/// <param name="DisplayName">As recipients see it.</param>
/// <param name="Language">Such as de; none where the browser decides.</param>
/// <param name="TimeZone">By its IANA name; none where the browser decides.</param>
/// <param name="RecoveryEmail">Another address of theirs; none to have none.</param>
public sealed record OwnPreferences(string DisplayName, string? Language, string? TimeZone, string? RecoveryEmail);

public enum PreferenceProblem
{
    /// <summary>Empty, or longer than a name may be.</summary>
    Name,
    RecoveryEmail,

    /// <summary>A mailbox of this portal: whoever cannot sign in cannot read it.</summary>
    RecoveryEmailHere,
}

public abstract record PasswordChange
{
    public sealed record Done : PasswordChange;

    /// <summary>The present password is not right.</summary>
    public sealed record Wrong : PasswordChange;

    public sealed record Refused(PasswordProblem Problem) : PasswordChange;
}

/// <summary>What everybody may change of their own account.</summary>
public sealed class OwnAccount
{
    private readonly PortalDatabase _database;
    private readonly IMailboxesHere _mailboxes;
    private readonly LiveSessions _live;
    private readonly Lockout _lockout;
    private readonly UserManager<Account> _users;

    internal OwnAccount(PortalDatabase database, IMailboxesHere mailboxes, LiveSessions live, Lockout lockout, UserManager<Account> users) =>
        (_database, _mailboxes, _live, _lockout, _users) = (database, mailboxes, live, lockout, users);

    public async Task<OwnAccountView> ViewAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.Accounts
            .Where(one => one.OrganisationId == actor.Organisation && one.Id == actor.Account)
            .Select(one => new OwnAccountView(one.DisplayName, one.Email, one.Roles, one.Language, one.TimeZone, one.RecoveryEmail, one.UsesAuthenticator))
            .SingleAsync(cancellationToken);
    }

    /// <returns>Null when it was kept.</returns>
    public async Task<PreferenceProblem?> PreferAsync(Actor.Person actor, OwnPreferences preferences, CancellationToken cancellationToken)
    {
        if (PlainText.Name(preferences.DisplayName) is not { } name)
        {
            return PreferenceProblem.Name;
        }

        if (preferences.RecoveryEmail is { } recovery)
        {
            if (!AddrSpec.TryParse(recovery, out var address) || MailDomain.Normalised(address.Domain) is null)
            {
                return PreferenceProblem.RecoveryEmail;
            }

            if (await _mailboxes.AreOnlyHereAsync(actor.Organisation, AddressKey.Of(address), cancellationToken))
            {
                return PreferenceProblem.RecoveryEmailHere;
            }
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var account = await db.Accounts.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Account, cancellationToken);
        account.Call(name);
        await _mailboxes.CallAsync(db, actor.Organisation, actor.Account, name, cancellationToken);
        account.Prefer(preferences.Language, preferences.TimeZone, preferences.RecoveryEmail);
        db.Record(new AuditEvent(actor, AuditAction.AccountChanged, actor.Account.Value));
        await db.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Ends every other session.</summary>
    public async Task<PasswordChange> ChangePasswordAsync(Actor.Person actor, string present, string next, CancellationToken cancellationToken)
    {
        var account = await _users.FindByIdAsync(actor.Account.Value.ToString());
        if (PasswordRule.ProblemOf(next, account?.Email ?? string.Empty, account?.DisplayName ?? string.Empty) is { } problem)
        {
            return new PasswordChange.Refused(problem);
        }

        if (account is null || !await _lockout.IsTheirsAsync(_users, account, present, cancellationToken))
        {
            return new PasswordChange.Wrong();
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var row = await db.Accounts.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Account, cancellationToken);
        row.PasswordHash = _users.PasswordHasher.HashPassword(row, next);
        await _live.EndAllAsync(db, actor.Organisation, actor.Account, except: actor.Session, cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.PasswordChanged, actor.Account.Value));
        await db.CommitAsync(cancellationToken);
        return new PasswordChange.Done();
    }

    public Task<IReadOnlyList<SessionView>> SessionsAsync(Actor.Person actor, CancellationToken cancellationToken) =>
        _live.ListAsync(actor.Organisation, actor.Account, cancellationToken);

    public Task EndSessionAsync(Actor.Person actor, SessionId session, CancellationToken cancellationToken) =>
        _live.EndAsync(actor, actor.Account, session, cancellationToken);

    /// <summary>All but the one that asks.</summary>
    public async Task EndOtherSessionsAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        foreach (var other in (await SessionsAsync(actor, cancellationToken)).Where(one => one.Id != actor.Session))
        {
            await EndSessionAsync(actor, other.Id, cancellationToken);
        }
    }
}
