using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Accounts;

/// <summary>Authenticator secrets and recovery codes rest protected by the key ring; passkeys rest as they are, being public.</summary>
internal sealed partial class AccountStore
    : IUserTwoFactorStore<Account>, IUserAuthenticatorKeyStore<Account>, IUserTwoFactorRecoveryCodeStore<Account>, IUserPasskeyStore<Account>
{
    public Task SetTwoFactorEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken)
    {
        user.UsesAuthenticator = enabled;
        return Task.CompletedTask;
    }

    public Task<bool> GetTwoFactorEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.UsesAuthenticator);

    public Task SetAuthenticatorKeyAsync(Account user, string key, CancellationToken cancellationToken)
    {
        user.SealedAuthenticatorKey = Protector(user, "authenticator").Protect(Encoding.ASCII.GetBytes(key));
        return Task.CompletedTask;
    }

    public Task<string?> GetAuthenticatorKeyAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(
        user.SealedAuthenticatorKey is { } key ? Encoding.ASCII.GetString(Protector(user, "authenticator").Unprotect(key)) : null);

    public Task ReplaceCodesAsync(Account user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        Keep(user, recoveryCodes.Select(Hash).ToList());
        return Task.CompletedTask;
    }

    public Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken)
    {
        var hashes = Codes(user);
        var typed = Hash(code.Trim().ToUpperInvariant());
        var left = hashes.Where(one => !CryptographicOperations.FixedTimeEquals(one, typed)).ToList();
        if (left.Count == hashes.Count)
        {
            return Task.FromResult(false);
        }

        Keep(user, left);
        return Task.FromResult(true);
    }

    public Task<int> CountCodesAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(Codes(user).Count);

    public async Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(user.OrganisationId, cancellationToken);
        var known = await db.AccountPasskeys.SingleOrDefaultAsync(
            one => one.AccountId == user.Id && one.CredentialId == passkey.CredentialId, cancellationToken);
        if (known is null)
        {
            db.AccountPasskeys.Add(new AccountPasskey(user, passkey));
        }
        else
        {
            known.Take(passkey);
        }

        await db.CommitAsync(cancellationToken);
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(user.OrganisationId, cancellationToken);
        var passkeys = await db.AccountPasskeys.Where(one => one.AccountId == user.Id).OrderBy(one => one.CreatedAt).ToListAsync(cancellationToken);
        return passkeys.ConvertAll(one => one.ToPasskey());
    }

    public async Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await directory.FindPasskeyAsync(credentialId, cancellationToken) is { } place
            ? await FindAsync(place.Organisation, place.Account, cancellationToken)
            : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(user.OrganisationId, cancellationToken);
        var found = await db.AccountPasskeys.SingleOrDefaultAsync(
            one => one.AccountId == user.Id && one.CredentialId == credentialId, cancellationToken);
        return found?.ToPasskey();
    }

    public async Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(user.OrganisationId, cancellationToken);
        await db.AccountPasskeys
            .Where(one => one.OrganisationId == user.OrganisationId && one.AccountId == user.Id && one.CredentialId == credentialId)
            .ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private List<byte[]> Codes(Account user) => user.SealedRecoveryCodes is { } codes
        ? Protector(user, "recovery codes").Unprotect(codes).Chunk(SHA256.HashSizeInBytes).ToList()
        : [];

    private void Keep(Account user, List<byte[]> hashes) =>
        user.SealedRecoveryCodes = Protector(user, "recovery codes").Protect(hashes.SelectMany(one => one).ToArray());

    private IDataProtector Protector(Account user, string purpose) => protection.CreateProtector("Portal.Accounts", user.Id.ToString(), purpose);

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
