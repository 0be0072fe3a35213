using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;

namespace Portal.Application.Outbox;

/// <summary>Stores what a sender is told about recipients who were not reached.</summary>
internal sealed class FailureNotices(PortalDatabase database, SealedBlobs blobs, DataKeys keys)
{
    /// <param name="sender">Who is told.</param>
    /// <param name="message">What was not delivered.</param>
    /// <param name="failed">To whom.</param>
    /// <param name="now">The notice's date.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A blob for the sender's inbox; it counts when it has entered there.</returns>
    public async Task<StoredBlob> StoreAsync(
        Mailbox sender, OutboxMessage message, IReadOnlyList<FailedRecipient> failed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using (var db = await database.ReadAsync(sender.OrganisationId, cancellationToken))
        {
            (await OwnersLanguage.FindAsync(db, sender.OrganisationId, sender.Id, cancellationToken)).Speak();
        }

        await using var notice = await NonDelivery.WriteAsync(sender.Address, await SubjectAsync(sender, message, cancellationToken), failed, now, cancellationToken);
        return await blobs.WriteAsync(sender.OrganisationId, sender.Id, notice, long.MaxValue, cancellationToken);
    }

    private async Task<string> SubjectAsync(Mailbox sender, OutboxMessage message, CancellationToken cancellationToken)
    {
        if (message.SentCopyId is not { } copy)
        {
            return string.Empty;
        }

        StoredMessage? sent;
        await using (var db = await database.ReadAsync(sender.OrganisationId, cancellationToken))
        {
            sent = await db.Messages.SingleOrDefaultAsync(one => one.OrganisationId == sender.OrganisationId && one.Id == copy, cancellationToken);
        }

        using var key = await keys.OfMailboxAsync(sender.OrganisationId, sender.Id, cancellationToken);
        return sent is null ? string.Empty : MessageListing.Open(key, sent.Id, sent.SealedListing).Subject;
    }
}
