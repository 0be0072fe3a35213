using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Outbox;

namespace Portal.Application.Sweeping;

/// <summary>What may go, and no more than a batch of it, in the caller's transaction.</summary>
internal static class Removals
{
    public const int Batch = 100;

    /// <summary>Rows whose session nobody can use any more, since before <paramref name="latest"/>.</summary>
    public static async Task<int> SessionsAsync(
        PortalDbContext db, OrganisationId organisation, LiveSessionOptions lasts, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var (seen, began) = (latest - lasts.Idle, latest - lasts.Longest);
        var ids = await db.AccountSessions
            .Where(one => one.OrganisationId == organisation && (one.EndedAt < latest || one.LastSeenAt < seen || one.BeganAt < began))
            .Select(one => one.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        return await db.AccountSessions.Where(one => one.OrganisationId == organisation && ids.Contains(one.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    public static async Task<int> LinksAsync(PortalDbContext db, OrganisationId organisation, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var ids = await db.OneTimeLinks
            .Where(one => one.OrganisationId == organisation && (one.UsedAt < latest || one.ExpiresAt < latest))
            .Select(one => one.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        return await db.OneTimeLinks.Where(one => one.OrganisationId == organisation && ids.Contains(one.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>The final bytes of messages whose every recipient has an outcome that nothing changes any more.</summary>
    public static async Task<int> SentContentAsync(PortalDbContext db, OrganisationId organisation, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var messages = await db.OutboxMessages
            .AsTracking()
            .Where(one => one.OrganisationId == organisation && one.ContentId != null && one.CreatedAt < latest)
            .Where(one => !db.Deliveries.Any(delivery => delivery.OutboxMessageId == one.Id
                && (delivery.At >= latest || (delivery.State != DeliveryState.Sent && delivery.State != DeliveryState.Failed))))
            .Take(Batch)
            .ToListAsync(cancellationToken);
        var blobs = messages.ConvertAll(one => one.ForgetContent());
        await db.SaveChangesAsync(cancellationToken);
        await Unreferred(db, organisation).Where(one => blobs.Contains(one.Id)).ExecuteDeleteAsync(cancellationToken);
        return messages.Count;
    }

    /// <summary>The bytes of files beside messages that nobody can fetch any more; how often they were fetched stays.</summary>
    public static async Task<int> LargeFilesAsync(PortalDbContext db, OrganisationId organisation, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var files = await db.LargeFiles
            .AsTracking()
            .Where(one => one.OrganisationId == organisation && one.ContentId != null && (one.ExpiresAt < latest || one.RecalledAt < latest))
            .Take(Batch)
            .ToListAsync(cancellationToken);
        files.ForEach(one => one.ForgetContent());
        return files.Count;
    }

    /// <summary>Files of drafts that never came to their end; the draft stays.</summary>
    public static async Task<int> UnfinishedFilesAsync(PortalDbContext db, OrganisationId organisation, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var ids = await db.DraftAttachments
            .Where(one => one.OrganisationId == organisation && !one.IsWhole && one.AddedAt < latest)
            .Select(one => one.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        return await db.DraftAttachments.Where(one => one.OrganisationId == organisation && ids.Contains(one.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Of the next batch of blobs, from the newest to the oldest, those that nothing refers to.</summary>
    /// <param name="db">For writing.</param>
    /// <param name="organisation">Whose.</param>
    /// <param name="before">Where the last batch ended.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many are gone, and where the next batch begins; null after the last.</returns>
    public static async Task<(int Removed, BlobPlace? Next)> BlobsAsync(
        PortalDbContext db, OrganisationId organisation, BlobPlace before, CancellationToken cancellationToken)
    {
        var (at, id) = before;
        var window = await db.Blobs
            .AsNoTracking()
            .Where(one => one.OrganisationId == organisation && one.CreatedAt <= at && (one.CreatedAt < at || one.Id < id))
            .OrderByDescending(one => one.CreatedAt)
            .ThenByDescending(one => one.Id)
            .Select(one => new BlobPlace(one.CreatedAt, one.Id))
            .Take(Batch * 5)
            .ToListAsync(cancellationToken);
        var ids = window.ConvertAll(one => one.Id);
        var removed = await Unreferred(db, organisation).Where(one => ids.Contains(one.Id)).ExecuteDeleteAsync(cancellationToken);
        return (removed, window.Count == Batch * 5 ? window[^1] : null);
    }

    private static IQueryable<Blob> Unreferred(PortalDbContext db, OrganisationId organisation) => db.Blobs.Where(one => one.OrganisationId == organisation
        && !db.Messages.Any(message => message.RawId == one.Id)
        && !db.OutboxMessages.Any(message => message.ContentId == one.Id)
        && !db.SecureMessages.Any(message => message.ContentId == one.Id)
        && !db.LargeFiles.Any(file => file.ContentId == one.Id)
        && !db.ReaderFiles.Any(file => file.ContentId == one.Id)
        && !db.DraftAttachments.Any(attachment => attachment.ContentId == one.Id));
}

/// <param name="At">When it was begun.</param>
/// <param name="Id">Which.</param>
internal readonly record struct BlobPlace(DateTimeOffset At, BlobId Id);
