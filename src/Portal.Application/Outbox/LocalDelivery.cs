using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Telemetry;

namespace Portal.Application.Outbox;

/// <summary>Puts a message into a mailbox that lives here; the same bytes arrive there once, however often this is asked.</summary>
internal sealed class LocalDelivery(PortalDatabase database, IDirectory directory, SealedBlobs blobs, DataKeys keys, Quotas.Quotas quotas, Figures figures, TimeProvider clock) : IMailboxesHere
{
    /// <param name="sender">Whose mail.</param>
    /// <param name="addressKey">Whom to.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when the address is no mailbox of ours, or one whose mail is fetched from elsewhere.</returns>
    public async Task<MailboxPlace?> FindAsync(OrganisationId sender, string addressKey, CancellationToken cancellationToken)
    {
        if (await directory.FindMailboxAsync(addressKey, sender, cancellationToken) is not { } place)
        {
            return null;
        }

        await using var db = await database.ReadAsync(place.Organisation, cancellationToken);
        var isFetched = await db.MailAccounts.AnyAsync(
            one => one.OrganisationId == place.Organisation && one.MailboxId == place.Mailbox, cancellationToken);
        return isFetched ? null : place;
    }

    public async Task<bool> AreOnlyHereAsync(OrganisationId organisation, string addressKey, CancellationToken cancellationToken) =>
        await FindAsync(organisation, addressKey, cancellationToken) is not null;

    public Task CallAsync(PortalDbContext db, OrganisationId organisation, AccountId owner, string displayName, CancellationToken cancellationToken) => db.Mailboxes
        .Where(one => one.OrganisationId == organisation && one.OwnerId == owner)
        .ExecuteUpdateAsync(set => set.SetProperty(one => one.DisplayName, displayName), cancellationToken);

    /// <summary>Whether a message of this length fits: one that does not waits, and is returned in the end.</summary>
    public async Task<bool> HasRoomAsync(MailboxPlace place, long length, CancellationToken cancellationToken) =>
        await quotas.RoomAsync(place.Organisation, place.Mailbox, cancellationToken) >= length;

    /// <param name="place">Where to.</param>
    /// <param name="content">The raw message, from its beginning.</param>
    /// <param name="sha256">Of the content.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task DeliverAsync(MailboxPlace place, Stream content, byte[] sha256, CancellationToken cancellationToken)
    {
        var (organisation, mailbox) = place;
        using var span = Spans.Start("portal.deliver", organisation)?.SetTag("portal.mailbox", mailbox.ToString());
        byte[] token;
        using (var key = await keys.OfMailboxAsync(organisation, mailbox, cancellationToken))
        {
            token = key.Token(sha256);
        }

        if (await IsThereAsync(place, token, cancellationToken))
        {
            return;
        }

        var raw = await blobs.WriteAsync(organisation, mailbox, content, long.MaxValue, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(raw.Sha256, sha256))
        {
            throw new CryptographicException("The message is not what was stored for sending.");
        }

        if (await EnterAsync(place, raw, token, cancellationToken) is { } message)
        {
            span?.SetTag("portal.message", message.ToString());
            figures.Arrived(ArrivalRoute.Inside);
            return;
        }

        await blobs.DeleteAsync(organisation, raw.Id, cancellationToken);
    }

    /// <returns>Null when another node brought it in the meantime: one whose lease is over may still be at work.</returns>
    private async Task<StoredMessageId?> EnterAsync(MailboxPlace place, StoredBlob raw, byte[] token, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await database.WriteAsync(place.Organisation, cancellationToken);
            var message = await Arrivals.EnterAsync(db, place.Organisation, place.Mailbox, raw, token, clock.GetUtcNow(), cancellationToken);
            await db.CommitAsync(cancellationToken);
            return message.Id;
        }
        catch (DbUpdateException)
        {
            // The index that lets the same bytes be delivered to a mailbox once.
            if (await IsThereAsync(place, token, cancellationToken))
            {
                return null;
            }

            throw;
        }
    }

    private async Task<bool> IsThereAsync(MailboxPlace place, byte[] token, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(place.Organisation, cancellationToken);
        return await db.Messages.AnyAsync(one => one.MailboxId == place.Mailbox && one.ContentToken == token, cancellationToken);
    }
}
