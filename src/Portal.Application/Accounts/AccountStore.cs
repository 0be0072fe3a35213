using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Accounts;

/// <summary>Accounts as ASP.NET Core Identity wants them; names are e-mail addresses.</summary>
internal sealed partial class AccountStore(PortalDatabase database, IDirectory directory, IDataProtectionProvider protection)
    : IUserPasswordStore<Account>, IUserSecurityStampStore<Account>
{
    public async Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        await directory.FindAccountAsync(normalizedUserName, cancellationToken) is { } place
            ? await FindAsync(place.Organisation, place.Account, cancellationToken)
            : null;

    public async Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) && await directory.FindOrganisationAsync(new AccountId(id), cancellationToken) is { } organisation
            ? await FindAsync(organisation, new AccountId(id), cancellationToken)
            : null;

    public async Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await database.WriteAsync(user.OrganisationId, cancellationToken);
            db.Accounts.Update(user);
            await db.CommitAsync(cancellationToken);
            return IdentityResult.Success;
        }
        catch (DbUpdateConcurrencyException)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }
    }

    /// <exception cref="NotSupportedException">People are enrolled with a mailbox and certificates, not added alone.</exception>
    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <exception cref="NotSupportedException">Accounts are disabled; what they did stays on record.</exception>
    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id.Value.ToString());

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalisedEmail);

    // UserManager sets it before each update; ours never changes.
    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public void Dispose()
    {
        // Each operation has its own context.
    }

    private async Task<Account?> FindAsync(OrganisationId organisation, AccountId id, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.Accounts.SingleOrDefaultAsync(one => one.OrganisationId == organisation && one.Id == id, cancellationToken);
    }
}
