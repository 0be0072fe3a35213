using Portal.Application.AtRest;
using Portal.Application.Mailboxes;

namespace Portal.Application.Setup.Demo;

/// <summary>Lets raw messages arrive as if they had come some time ago.</summary>
internal sealed class DemoArrivals(PortalDatabase database, SealedBlobs blobs, DataKeys keys)
{
    public async Task EnterAsync(OrganisationId organisation, MailboxId mailbox, byte[] raw, DateTimeOffset at, bool read, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(raw);
        var stored = await blobs.WriteAsync(organisation, mailbox, content, raw.Length, cancellationToken);
        using var key = await keys.OfMailboxAsync(organisation, mailbox, cancellationToken);
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        var message = await Arrivals.EnterAsync(db, organisation, mailbox, stored, key.Token(stored.Sha256), at, cancellationToken);
        message.Mark(read);
        await db.CommitAsync(cancellationToken);
    }
}
