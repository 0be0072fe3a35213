using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>Notes authorities that nobody has decided about.</summary>
internal sealed class WaitingAuthorities(PortalDatabase database, TimeProvider clock)
{
    /// <summary>Of an organisation: strangers can make as many authorities as they like.</summary>
    private const int Most = 500;

    private const int LargestAbove = 32 * 1024;

    /// <param name="organisation">Whose trust is asked for.</param>
    /// <param name="path">From the signer as far up as it is known.</param>
    /// <param name="sender">Who signed.</param>
    /// <param name="isAgain">The message has been counted before.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The one that vouches for the signer; null when nobody has sent its certificate.</returns>
    public async Task<ForeignAuthorityId?> NoteAsync(
        OrganisationId organisation, IReadOnlyList<X509Certificate2> path, AddrSpec? sender, bool isAgain, CancellationToken cancellationToken)
    {
        if (path.Count < 2)
        {
            return null;
        }

        var issuer = path[1];
        var fingerprint = ForeignAuthority.FingerprintOf(issuer);
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        var row = await db.ForeignAuthorities.SingleOrDefaultAsync(one => one.OrganisationId == organisation && one.Fingerprint == fingerprint, cancellationToken);
        if (row is null)
        {
            await MakeRoomAsync(db, organisation, cancellationToken);
            row = new ForeignAuthority(organisation, issuer, clock.GetUtcNow());
            db.ForeignAuthorities.Add(row);
        }

        if (row.Standing == AuthorityStanding.Waiting && !isAgain)
        {
            var above = path.Skip(2).SelectMany(one => one.RawData).ToArray();
            row.SeeAgain(above.Length <= LargestAbove ? above : [], sender?.Domain, clock.GetUtcNow());
        }

        var id = row.Id;
        await db.CommitAsync(cancellationToken);
        return id;
    }

    /// <returns>False for one that is refused already, or trusted for something else.</returns>
    public async Task<bool> IsWaitingAsync(OrganisationId organisation, ForeignAuthorityId id, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.ForeignAuthorities.AnyAsync(one => one.OrganisationId == organisation && one.Id == id && one.Standing == AuthorityStanding.Waiting, cancellationToken);
    }

    // The one that was seen least, and longest ago.
    private static async Task MakeRoomAsync(PortalDbContext db, OrganisationId organisation, CancellationToken cancellationToken)
    {
        var waiting = db.ForeignAuthorities.Where(one => one.OrganisationId == organisation && one.Standing == AuthorityStanding.Waiting);
        if (await waiting.CountAsync(cancellationToken) >= Most)
        {
            db.ForeignAuthorities.Remove(await waiting.OrderBy(one => one.Seen).ThenBy(one => one.LastSeenAt).FirstAsync(cancellationToken));
        }
    }
}
