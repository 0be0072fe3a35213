using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Portal.Application.Audit;

namespace Portal.Application.Accounts;

/// <summary>Sign-in and sign-out of people.</summary>
public sealed class Sessions
{
    // Above what hashing a password takes, so that a refusal tells nothing by its time.
    private static readonly TimeSpan RefusalTakes = TimeSpan.FromMilliseconds(600);

    private readonly SignInManager<Account> _signIn;
    private readonly UserManager<Account> _users;
    private readonly PortalDatabase _database;
    private readonly TimeProvider _clock;

    internal Sessions(SignInManager<Account> signIn, UserManager<Account> users, PortalDatabase database, TimeProvider clock) =>
        (_signIn, _users, _database, _clock) = (signIn, users, database, clock);

    /// <returns>Null for anybody but one of our people.</returns>
    public static Actor.Person? ActorOf(ClaimsPrincipal principal) => AccountClaims.ActorOf(principal);

    /// <summary>Sets the session's cookie. Unknown, wrong and locked are one answer after one time.</summary>
    public async Task<bool> SignInAsync(string email, string password, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        var account = await _users.FindByNameAsync(email);
        if (account is { Disabled: false } && (await _signIn.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true)).Succeeded)
        {
            account.SignedIn(_clock.GetUtcNow());
            await _users.UpdateAsync(account);
            await RecordAsync(account, AuditAction.SignIn, cancellationToken);
            await _signIn.SignInAsync(account, isPersistent: false);
            return true;
        }

        if (account is not null)
        {
            await RecordAsync(account, AuditAction.SignInRefused, cancellationToken);
        }

        var left = RefusalTakes - _clock.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, _clock, cancellationToken);
        }

        return false;
    }

    public async Task SignOutAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        await _signIn.SignOutAsync();
        if (ActorOf(principal) is { } actor)
        {
            await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
            db.Record(new AuditEvent(actor, AuditAction.SignOut, actor.Account.Value));
            await db.CommitAsync(cancellationToken);
        }
    }

    /// <summary>The account is enabled, and neither its password nor its roles have changed since.</summary>
    public async Task<bool> IsStillValidAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _signIn.ValidateSecurityStampAsync(principal) is { Disabled: false } account
            && account.Roles == AccountClaims.RolesOf(principal);
    }

    private async Task RecordAsync(Account account, AuditAction action, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(account.OrganisationId, cancellationToken);
        Actor actor = action == AuditAction.SignIn
            ? new Actor.Person(account.OrganisationId, account.Id, account.Roles)
            : new Actor.Portal(account.OrganisationId, "sign-in");
        db.Record(new AuditEvent(actor, action, account.Id.Value));
        await db.CommitAsync(cancellationToken);
    }
}
