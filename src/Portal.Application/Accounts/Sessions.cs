using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Portal.Application.Organisations;

namespace Portal.Application.Accounts;

/// <summary>Sign-in and sign-out of people.</summary>
public sealed class Sessions
{
    // Between the hashing, which everybody gets, and a refusal: what is written of a known account meanwhile does not show.
    private static readonly TimeSpan RefusalTakes = TimeSpan.FromMilliseconds(400);

    private readonly SignInManager<Account> _signIn;
    private readonly UserManager<Account> _users;
    private readonly LiveSessions _live;
    private readonly Lockout _lockout;
    private readonly PendingSignIn _pending;
    private readonly OrganisationPolicies _policies;
    private readonly TimeProvider _clock;

    internal Sessions(
        SignInManager<Account> signIn,
        UserManager<Account> users,
        LiveSessions live,
        Lockout lockout,
        PendingSignIn pending,
        OrganisationPolicies policies,
        TimeProvider clock)
    {
        (_signIn, _users, _live, _lockout) = (signIn, users, live, lockout);
        (_pending, _policies, _clock) = (pending, policies, clock);
    }

    /// <returns>Null for anybody but one of our people.</returns>
    public static Actor.Person? ActorOf(ClaimsPrincipal principal) => AccountClaims.ActorOf(principal);

    /// <returns>Null where the browser decides.</returns>
    public static string? LanguageOf(ClaimsPrincipal principal) => principal.FindFirstValue(AccountClaims.Language);

    /// <returns>An IANA name; null where the browser decides.</returns>
    public static string? TimeZoneOf(ClaimsPrincipal principal) => principal.FindFirstValue(AccountClaims.TimeZone);

    /// <summary>Whose password was right a moment ago; null for nobody's.</summary>
    public AccountId? PendingAccount => _pending.Read();

    /// <summary>Sets the session's cookie, or remembers for the second step. Unknown, wrong and locked are one answer after one time.</summary>
    public async Task<SignInOutcome> SignInAsync(string email, string password, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var account = await _users.FindByNameAsync(email);
        var mayEnter = account is { Disabled: false } && !_lockout.IsLocked(account);
        var isRight = await IsPasswordAsync(mayEnter ? account : null, password);
        var hashed = _clock.GetTimestamp();
        return isRight && mayEnter
            ? await PasswordWasRightAsync(account!, origin, cancellationToken)
            : await RefuseAsync(account, hashed, cancellationToken, email);
    }

    /// <summary>The second step: a code of the authenticator app, or a recovery code.</summary>
    public async Task<SignInOutcome> ConfirmAsync(string code, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        if (await PendingAsync() is not { } account)
        {
            return new SignInOutcome.StartAgain();
        }

        return !_lockout.IsLocked(account) && await IsRightAsync(account, SecondFactors.Digits(code))
            ? await BeginAsync(account, origin, secondFactor: true, cancellationToken)
            : await RefuseAsync(account, began, cancellationToken);
    }

    /// <summary>What the browser needs for navigator.credentials.get, as JSON.</summary>
    public Task<string> PasskeyOptionsAsync() => _signIn.MakePasskeyRequestOptionsAsync(null);

    /// <param name="credential">The browser's answer, as JSON.</param>
    /// <param name="origin">Where from.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<SignInOutcome> SignInWithPasskeyAsync(string credential, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        var result = await _signIn.PerformPasskeyAssertionAsync(credential);
        if (!result.Succeeded || result.User is not { Disabled: false } account || _lockout.IsLocked(account))
        {
            return await RefuseAsync(result.User, began, cancellationToken);
        }

        await _users.AddOrUpdatePasskeyAsync(account, result.Passkey);
        return await BeginAsync(account, origin, secondFactor: true, cancellationToken);
    }

    /// <returns>Whose second step it is, so that they can set one up; null when the first step is too long ago.</returns>
    internal async Task<Account?> PendingAsync() =>
        _pending.Read() is { } id && await _users.FindByIdAsync(id.Value.ToString()) is { Disabled: false } account ? account : null;

    internal async Task<SignInOutcome> BeginAsync(Account account, SessionOrigin origin, bool secondFactor, CancellationToken cancellationToken)
    {
        _pending.Forget();
        await _lockout.ForgetFailuresAsync(account, cancellationToken);
        var actor = await _live.BeginAsync(account, origin, secondFactor, cancellationToken);
        await _signIn.SignInWithClaimsAsync(
            account, new AuthenticationProperties { IsPersistent = false }, [new Claim(AccountClaims.Session, actor.Session.ToString())]);
        return new SignInOutcome.SignedIn();
    }

    public async Task SignOutAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        await _signIn.SignOutAsync();
        if (ActorOf(principal) is { } actor)
        {
            await _live.EndAsync(actor, actor.Account, actor.Session, cancellationToken);
        }
    }

    /// <summary>The session has not ended, the account is enabled, and its roles are what they were when the page was opened.</summary>
    public async Task<bool> IsStillValidAsync(ClaimsPrincipal principal, CancellationToken cancellationToken) =>
        ActorOf(principal) is { } actor && await _live.FindAsync(actor, seen: false, cancellationToken) is { } account && account.Roles == actor.Roles;

    private async Task<SignInOutcome> PasswordWasRightAsync(Account account, SessionOrigin origin, CancellationToken cancellationToken)
    {
        if (account.UsesAuthenticator || (await _users.GetPasskeysAsync(account)).Count > 0)
        {
            _pending.Keep(account.Id);
            return new SignInOutcome.SecondFactorNeeded();
        }

        var policy = await _policies.ReadAsync(account.OrganisationId, cancellationToken);
        if (policy.SecondFactor.Covers(account.Roles))
        {
            _pending.Keep(account.Id);
            return new SignInOutcome.SecondFactorMissing();
        }

        return await BeginAsync(account, origin, secondFactor: false, cancellationToken);
    }

    /// <summary>Hashes also for nobody, so that it takes its time.</summary>
    private async Task<bool> IsPasswordAsync(Account? account, string password)
    {
        if (account is not null)
        {
            return await _users.CheckPasswordAsync(account, password);
        }

        _users.PasswordHasher.VerifyHashedPassword(Account.Nobody, Account.Nobody.PasswordHash!, password);
        return false;
    }

    private async Task<bool> IsRightAsync(Account account, string code)
    {
        if (code.Length > SecondFactors.CodeLength)
        {
            return (await _users.RedeemTwoFactorRecoveryCodeAsync(account, code)).Succeeded;
        }

        if (!account.UsesAuthenticator || account.HasUsed(code)
            || !await _users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, code))
        {
            return false;
        }

        account.Use(code);
        return (await _users.UpdateAsync(account)).Succeeded;
    }

    private async Task<SignInOutcome> RefuseAsync(Account? account, long began, CancellationToken cancellationToken, string? unknown = null)
    {
        if (account is not null)
        {
            await _lockout.CountFailureAsync(account, cancellationToken);
        }
        else if (unknown is not null)
        {
            await _lockout.RecordUnknownAsync(unknown, cancellationToken);
        }

        var left = RefusalTakes - _clock.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, _clock, cancellationToken);
        }

        return new SignInOutcome.Refused();
    }
}
