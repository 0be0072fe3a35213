using Portal.Application.AtRest;
using Portal.Application.Mailboxes;

namespace Portal.Application.Outbox;

/// <summary>Stores what a sender is told about recipients who were not reached.</summary>
internal sealed class FailureNotices(SealedBlobs blobs)
{
    /// <returns>A blob for the sender's inbox; it counts when it has entered there.</returns>
    public async Task<StoredBlob> StoreAsync(Mailbox sender, IReadOnlyList<FailedRecipient> failed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var notice = await NonDelivery.WriteAsync(sender.Address, failed, now, cancellationToken);
        return await blobs.WriteAsync(sender.OrganisationId, sender.Id, notice, long.MaxValue, cancellationToken);
    }
}
