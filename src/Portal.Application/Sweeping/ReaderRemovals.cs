using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Sweeping;

/// <summary>What may go of readers outside, and no more than a batch of it, in the caller's transaction.</summary>
internal static class ReaderRemovals
{
    /// <summary>The content of what nobody can read any more, and every key to it; who opened it when stays.</summary>
    public static async Task<int> MessagesAsync(PortalDbContext db, OrganisationId organisation, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var messages = await db.SecureMessages
            .AsTracking()
            .Where(one => one.OrganisationId == organisation && one.ContentId != null && (one.ExpiresAt < latest || one.RecalledAt < latest))
            .Take(Removals.Batch)
            .ToListAsync(cancellationToken);
        var ids = messages.ConvertAll(one => one.Id);
        messages.ForEach(one => one.ForgetContent());
        var links = db.SecureLinks.Where(one => one.OrganisationId == organisation && ids.Contains(one.MessageId));
        await db.LinkOpenings
            .Where(one => one.OrganisationId == organisation && links.Any(link => link.Id == one.LinkId))
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.SealedKey, (byte[]?)null), cancellationToken);
        await links.ExecuteUpdateAsync(set => set.SetProperty(one => one.WrappedKey, (byte[]?)null), cancellationToken);
        return messages.Count;
    }

    public static async Task<int> DraftsAsync(PortalDbContext db, OrganisationId organisation, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var ids = await db.ReaderDrafts
            .Where(one => one.OrganisationId == organisation && one.SavedAt < latest)
            .Select(one => one.Id)
            .Take(Removals.Batch)
            .ToListAsync(cancellationToken);
        return await db.ReaderDrafts.Where(one => one.OrganisationId == organisation && ids.Contains(one.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Nobody is in one for longer than a week, whatever is configured.</summary>
    public static async Task<int> SessionsAsync(PortalDbContext db, OrganisationId organisation, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var began = latest.AddDays(-7);
        var ids = await db.ReaderSessions
            .Where(one => one.OrganisationId == organisation && (one.EndedAt < latest || one.BeganAt < began))
            .Select(one => one.Id)
            .Take(Removals.Batch)
            .ToListAsync(cancellationToken);
        await db.LinkOpenings
            .Where(one => one.OrganisationId == organisation && ids.Contains(one.SessionId))
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.SealedKey, (byte[]?)null), cancellationToken);
        return await db.ReaderSessions.Where(one => one.OrganisationId == organisation && ids.Contains(one.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    public static async Task<int> DevicesAsync(PortalDbContext db, OrganisationId organisation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tokens = await db.ReaderDevices
            .Where(one => one.OrganisationId == organisation && one.ExpiresAt < now)
            .Select(one => one.TokenSha256)
            .Take(Removals.Batch)
            .ToListAsync(cancellationToken);
        return await db.ReaderDevices.Where(one => one.OrganisationId == organisation && tokens.Contains(one.TokenSha256)).ExecuteDeleteAsync(cancellationToken);
    }
}
