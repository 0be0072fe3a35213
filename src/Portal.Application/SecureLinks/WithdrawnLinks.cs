using Microsoft.EntityFrameworkCore;

namespace Portal.Application.SecureLinks;

/// <summary>Links that are to open nothing any more: without their keys nothing is left that could.</summary>
internal static class WithdrawnLinks
{
    public static async Task WipeAsync(PortalDbContext db, OrganisationId organisation, IQueryable<SecureLink> links, CancellationToken cancellationToken)
    {
        var own = links.Where(one => one.OrganisationId == organisation);
        await db.LinkOpenings
            .Where(one => one.OrganisationId == organisation && own.Any(link => link.Id == one.LinkId))
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.SealedKey, (byte[]?)null), cancellationToken);
        await own.ExecuteUpdateAsync(set => set.SetProperty(one => one.WrappedKey, (byte[]?)null), cancellationToken);
    }
}
