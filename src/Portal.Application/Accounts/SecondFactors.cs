using Microsoft.AspNetCore.Identity;
using Portal.Application.Audit;

namespace Portal.Application.Accounts;

/// <param name="Key">What is typed into an authenticator app where no picture can be read: Base32 in groups of four.</param>
/// <param name="Uri">What the picture says (Key Uri Format, otpauth).</param>
public sealed record AuthenticatorSetup(string Key, string Uri)
{
    public override string ToString() => nameof(AuthenticatorSetup);
}

/// <param name="CredentialId">In base64url.</param>
/// <param name="Name">As its owner calls it.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="IsSynced">It is kept in several of its owner's devices.</param>
public sealed record PasskeyView(string CredentialId, string Name, DateTimeOffset CreatedAt, bool IsSynced);

/// <summary>What somebody has besides a password: authenticator app (RFC 6238), recovery codes, passkeys (WebAuthn).</summary>
public sealed class SecondFactors
{
    internal const int CodeLength = 6;
    private const int RecoveryCodes = 10;

    private readonly UserManager<Account> _users;
    private readonly SignInManager<Account> _signIn;
    private readonly Sessions _sessions;
    private readonly Lockout _lockout;
    private readonly PortalDatabase _database;

    internal SecondFactors(UserManager<Account> users, SignInManager<Account> signIn, Sessions sessions, Lockout lockout, PortalDatabase database) =>
        (_users, _signIn, _sessions, _lockout, _database) = (users, signIn, sessions, lockout, database);

    /// <summary>A secret for a new authenticator app; it counts once a code of it was typed.</summary>
    public async Task<AuthenticatorSetup> BeginAsync(Actor.Person actor) => await SetupAsync(await OfAsync(actor));

    /// <returns>The recovery codes, to be shown once; null when the code is wrong.</returns>
    public async Task<IReadOnlyList<string>?> EnableAsync(Actor.Person actor, string code, CancellationToken cancellationToken) =>
        await EnableAsync(await OfAsync(actor), code, cancellationToken);

    /// <summary>During sign-in, for whoever has to have one and has none yet.</summary>
    /// <returns>Null when the first step is too long ago, or there is one already.</returns>
    public async Task<AuthenticatorSetup?> BeginWhilePendingAsync() =>
        await PendingWithoutAsync() is { } account ? await SetupAsync(account) : null;

    /// <returns>The recovery codes, to be shown once; null when the code is wrong or the first step is too long ago.</returns>
    public async Task<IReadOnlyList<string>?> EnableWhilePendingAsync(string code, SessionOrigin origin, CancellationToken cancellationToken)
    {
        if (await PendingWithoutAsync() is not { } account || await EnableAsync(account, code, cancellationToken) is not { } codes)
        {
            return null;
        }

        await _sessions.BeginAsync(account, origin, secondFactor: true, cancellationToken);
        return codes;
    }

    /// <returns>False when the password is wrong.</returns>
    public async Task<bool> DisableAsync(Actor.Person actor, string password, CancellationToken cancellationToken)
    {
        var account = await OfAsync(actor);
        if (!await IsTheirsAsync(account, password, cancellationToken))
        {
            return false;
        }

        account.SealedAuthenticatorKey = null;
        await _users.SetTwoFactorEnabledAsync(account, false);
        await RecordAsync(actor, account, AuditAction.SecondFactorRemoved, "authenticator", cancellationToken);
        return true;
    }

    /// <returns>New recovery codes; the old ones are worth nothing any more. Null when the password is wrong.</returns>
    public async Task<IReadOnlyList<string>?> RenewCodesAsync(Actor.Person actor, string password, CancellationToken cancellationToken)
    {
        var account = await OfAsync(actor);
        if (!account.UsesAuthenticator || !await IsTheirsAsync(account, password, cancellationToken))
        {
            return null;
        }

        await RecordAsync(actor, account, AuditAction.SecondFactorAdded, "recovery codes", cancellationToken);
        return [.. await _users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes) ?? []];
    }

    public async Task<int> CodesLeftAsync(Actor.Person actor) => await _users.CountRecoveryCodesAsync(await OfAsync(actor));

    public async Task<IReadOnlyList<PasskeyView>> PasskeysAsync(Actor.Person actor) =>
        [.. (await _users.GetPasskeysAsync(await OfAsync(actor)))
            .Select(one => new PasskeyView(System.Buffers.Text.Base64Url.EncodeToString(one.CredentialId), one.Name ?? string.Empty, one.CreatedAt, one.IsBackedUp))];

    /// <returns>What the browser needs for navigator.credentials.create, as JSON. Null when the password is wrong: an unlocked screen is not enough for a lasting way in.</returns>
    public async Task<string?> PasskeyOptionsAsync(Actor.Person actor, string password, CancellationToken cancellationToken)
    {
        var account = await OfAsync(actor);
        return !await IsTheirsAsync(account, password, cancellationToken) ? null : await _signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity
        {
            Id = account.Id.Value.ToString(),
            Name = account.Email,
            DisplayName = account.DisplayName,
        });
    }

    /// <param name="actor">Whose.</param>
    /// <param name="credential">The browser's answer, as JSON.</param>
    /// <param name="name">As its owner calls it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False when it is not an answer to what was asked.</returns>
    public async Task<bool> AddPasskeyAsync(Actor.Person actor, string credential, string name, CancellationToken cancellationToken)
    {
        var account = await OfAsync(actor);
        var result = await _signIn.PerformPasskeyAttestationAsync(credential);
        if (!result.Succeeded || result.UserEntity.Id != account.Id.Value.ToString())
        {
            return false;
        }

        result.Passkey.Name = PlainText.Line(name) is { Length: > 0 } given ? given[..Math.Min(given.Length, 100)] : "Passkey";
        await _users.AddOrUpdatePasskeyAsync(account, result.Passkey);
        await RecordAsync(actor, account, AuditAction.SecondFactorAdded, "passkey", cancellationToken);
        return true;
    }

    /// <returns>False when the password is wrong.</returns>
    public async Task<bool> RemovePasskeyAsync(Actor.Person actor, string password, string credentialId, CancellationToken cancellationToken)
    {
        var account = await OfAsync(actor);
        if (!await IsTheirsAsync(account, password, cancellationToken))
        {
            return false;
        }

        await _users.RemovePasskeyAsync(account, System.Buffers.Text.Base64Url.DecodeFromChars(credentialId));
        await RecordAsync(actor, account, AuditAction.SecondFactorRemoved, "passkey", cancellationToken);
        return true;
    }

    /// <summary>People type codes with blanks and hyphens as they are shown.</summary>
    internal static string Digits(string code)
    {
        var typed = string.Concat(code.Where(one => !char.IsWhiteSpace(one))).ToUpperInvariant();
        return typed.Replace("-", string.Empty, StringComparison.Ordinal) is { Length: CodeLength } digits ? digits : typed;
    }

    private Task<bool> IsTheirsAsync(Account account, string password, CancellationToken cancellationToken) =>
        _lockout.IsTheirsAsync(_users, account, password, cancellationToken);

    private async Task<AuthenticatorSetup> SetupAsync(Account account)
    {
        if (account.UsesAuthenticator)
        {
            throw new InvalidOperationException("A secret that is in use is not shown again.");
        }

        if (account.SealedAuthenticatorKey is null)
        {
            await _users.ResetAuthenticatorKeyAsync(account);
        }

        var key = (await _users.GetAuthenticatorKeyAsync(account))!;
        var uri = $"otpauth://totp/Portal:{Uri.EscapeDataString(account.Email)}?secret={key}&issuer=Portal&digits={CodeLength}&period=30";
        return new AuthenticatorSetup(string.Join(' ', key.Chunk(4).Select(group => new string(group))), uri);
    }

    private async Task<IReadOnlyList<string>?> EnableAsync(Account account, string code, CancellationToken cancellationToken)
    {
        var digits = Digits(code);
        if (_lockout.IsLocked(account)
            || !await _users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, digits))
        {
            await _lockout.CountFailureAsync(account, cancellationToken);
            return null;
        }

        account.Use(digits);
        await _users.SetTwoFactorEnabledAsync(account, true);
        await RecordAsync(new Actor.Portal(account.OrganisationId, "sign-in"), account, AuditAction.SecondFactorAdded, "authenticator", cancellationToken);
        return [.. await _users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes) ?? []];
    }

    private async Task<Account?> PendingWithoutAsync() =>
        await _sessions.PendingAsync() is { UsesAuthenticator: false } account && (await _users.GetPasskeysAsync(account)).Count == 0 ? account : null;

    private async Task<Account> OfAsync(Actor.Person actor) =>
        await _users.FindByIdAsync(actor.Account.Value.ToString()) ?? throw new UnauthorizedAccessException("The account is not there any more.");

    private async Task RecordAsync(Actor actor, Account account, AuditAction action, string kind, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        db.Record(new AuditEvent(actor, action, account.Id.Value, new Dictionary<string, string> { ["kind"] = kind }));
        await db.CommitAsync(cancellationToken);
    }
}
