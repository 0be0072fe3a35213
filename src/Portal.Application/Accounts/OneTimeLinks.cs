using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Accounts;

/// <param name="Id">The row.</param>
/// <param name="Token">256 bits in base64url; it is in nobody's hands but the receiver's.</param>
/// <param name="ExpiresAt">Until when it can be used.</param>
public sealed record IssuedLink(OneTimeLinkId Id, string Token, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"{nameof(IssuedLink)} {Id}";
}

/// <summary>Makes tokens, and finds what an open one is for.</summary>
internal sealed class OneTimeLinks(PortalDatabase database, IDirectory directory, TimeProvider clock)
{
    public static readonly TimeSpan InvitationLasts = TimeSpan.FromDays(7);
    public static readonly TimeSpan NewPasswordLasts = TimeSpan.FromHours(2);
    private const int TokenLength = 32;

    /// <summary>A further link for the same password closes the earlier ones.</summary>
    public async Task<IssuedLink> ForNewPasswordAsync(
        PortalDbContext db, OrganisationId organisation, AccountId account, bool resetsSecondFactors, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await CloseAsync(db.OneTimeLinks.Where(one => one.OrganisationId == organisation && one.AccountId == account), now, cancellationToken);
        var (token, sha256) = NewToken();
        var link = OneTimeLink.ForNewPassword(organisation, account, resetsSecondFactors, sha256, now, now + NewPasswordLasts);
        db.OneTimeLinks.Add(link);
        return new IssuedLink(link.Id, token, link.ExpiresAt);
    }

    /// <summary>A further invitation of the same address closes the earlier ones.</summary>
    public async Task<IssuedLink> ToJoinAsync(
        PortalDbContext db, OrganisationId organisation, string email, string displayName, Roles roles, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await CloseAsync(db.OneTimeLinks.Where(one => one.OrganisationId == organisation && one.Email == email), now, cancellationToken);
        var (token, sha256) = NewToken();
        var link = OneTimeLink.ToJoin(organisation, email, displayName, roles, sha256, now, now + InvitationLasts);
        db.OneTimeLinks.Add(link);
        return new IssuedLink(link.Id, token, link.ExpiresAt);
    }

    /// <returns>Null when there is no such token, or it was used, withdrawn or is too old: one answer.</returns>
    public async Task<OneTimeLink?> FindOpenAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > 64 || await directory.FindOneTimeLinkAsync(Hash(token), cancellationToken) is not { } place)
        {
            return null;
        }

        await using var db = await database.ReadAsync(place.Organisation, cancellationToken);
        var link = await db.OneTimeLinks.SingleOrDefaultAsync(one => one.OrganisationId == place.Organisation && one.Id == place.Link, cancellationToken);
        return link is not null && link.IsOpen(clock.GetUtcNow()) ? link : null;
    }

    /// <summary>In the transaction that does what the link is for. Whoever comes second finds the row changed.</summary>
    /// <returns>False when it is no longer open.</returns>
    public async Task<bool> UseAsync(PortalDbContext db, OneTimeLink link, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var used = await db.OneTimeLinks
            .Where(one => one.OrganisationId == link.OrganisationId && one.Id == link.Id && one.UsedAt == null && one.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.UsedAt, (DateTimeOffset?)now), cancellationToken);
        return used == 1;
    }

    private static Task<int> CloseAsync(IQueryable<OneTimeLink> earlier, DateTimeOffset now, CancellationToken cancellationToken) => earlier
        .Where(one => one.UsedAt == null)
        .ExecuteUpdateAsync(set => set.SetProperty(one => one.UsedAt, (DateTimeOffset?)now), cancellationToken);

    private static (string Token, byte[] Sha256) NewToken()
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenLength));
        return (token, Hash(token));
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
