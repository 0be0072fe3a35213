using Microsoft.AspNetCore.Identity;

namespace Portal.Application.SecureLinks;

/// <summary>What Identity's handler for passkeys may look up: one reader and theirs at one address. Readers have no names, passwords or accounts, and nothing is stored by this way.</summary>
internal sealed class PasskeysOfOne(Reader reader, IReadOnlyList<ReaderPasskey> passkeys) : IUserPasskeyStore<Reader>
{
    public Task<string> GetUserIdAsync(Reader user, CancellationToken cancellationToken) => Task.FromResult(user.Id.Value.ToString());

    public Task<Reader?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(userId == reader.Id.Value.ToString() ? reader : null);

    public Task<Reader?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(Find(credentialId) is null ? null : reader);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(Reader user, byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(Find(credentialId)?.ToPasskey());

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Reader user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<UserPasskeyInfo>>([.. passkeys.Select(one => one.ToPasskey())]);

    public void Dispose()
    {
    }

    public Task AddOrUpdatePasskeyAsync(Reader user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemovePasskeyAsync(Reader user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Reader?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetUserNameAsync(Reader user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetUserNameAsync(Reader user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetNormalizedUserNameAsync(Reader user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(Reader user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(Reader user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(Reader user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(Reader user, CancellationToken cancellationToken) => throw new NotSupportedException();

    private ReaderPasskey? Find(byte[] credentialId) => passkeys.SingleOrDefault(one => one.CredentialId.AsSpan().SequenceEqual(credentialId));
}
