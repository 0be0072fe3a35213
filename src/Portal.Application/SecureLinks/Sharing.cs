using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Application.Work;

namespace Portal.Application.SecureLinks;

/// <param name="From">Whose mailbox it leaves.</param>
/// <param name="Answered">Message-ID of what it answers.</param>
/// <param name="Choices">Of its sender, about readers.</param>
internal sealed record Departure(Mailbox From, string? Answered, LinkChoices Choices);

/// <summary>A message that will rest here, on its way into the transaction that sends it.</summary>
/// <param name="content">Where its signed bytes are.</param>
/// <param name="contentKey">Their key; owned.</param>
/// <param name="organisation">The organisation's key; owned.</param>
internal sealed class SharedMessage(BlobId content, SealingKey contentKey, SealingKey organisation) : IDisposable
{
    /// <summary>Their links are made as soon as a worker comes to it.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="sentCopy">What its sender keeps.</param>
    /// <param name="report">The judgement on it; nobody who reads here learns of Bcc.</param>
    /// <param name="recipients">Each once.</param>
    /// <param name="mailbox">The sender's key.</param>
    /// <param name="departure">From where, and what is asked of readers.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<SecureMessage> AddAsync(
        PortalDbContext db,
        StoredMessage sentCopy,
        MessageReport report,
        IEnumerable<string> recipients,
        SealingKey mailbox,
        Departure departure,
        CancellationToken cancellationToken)
    {
        var policy = (await db.Organisations.SingleAsync(one => one.Id == sentCopy.OrganisationId, cancellationToken)).Readers;
        var message = new SecureMessage(SecureMessageId.New(), departure.From, sentCopy.Id, author: null, content, sentCopy.At, sentCopy.At.AddDays(departure.Choices.Days ?? policy.LinkDays));
        message.Join(report.MessageId, await Conversations.FindAsync(db, sentCopy.OrganisationId, departure.Answered, organisation, cancellationToken), organisation);
        message.Ask(departure.Choices, policy);
        var from = report.From ?? throw new InvalidOperationException("What was sent here has a sender.");
        message.Describe(new LinkSender(from.Name.Length > 0 ? from.Name : from.Address, from.Address), organisation, report with { Bcc = [], Verdict = report.Verdict with { Encrypted = true, RestsHere = true } }, contentKey);
        db.SecureMessages.Add(message);
        db.SecureLinks.AddRange(recipients.Select(one => new SecureLink(message, one, mailbox, departure.Choices.IsGroup(one))));
        var now = await db.NowAsync(cancellationToken);
        WorkQueue.Enqueue(db, sentCopy.OrganisationId, WorkKind.ShareMessage, message.Id.Value, now);
        if (policy.ReminderDays > 0)
        {
            WorkQueue.Enqueue(db, sentCopy.OrganisationId, WorkKind.RemindReaders, message.Id.Value, now.AddDays(policy.ReminderDays));
        }

        return message;
    }

    public void Dispose()
    {
        contentKey.Dispose();
        organisation.Dispose();
    }
}

/// <summary>Fetches, before the transaction, what it takes to let a message rest here.</summary>
internal sealed class Sharing(DataKeys keys, SealedBlobs blobs)
{
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<SharedMessage> PrepareAsync(OrganisationId organisation, StoredBlob content, CancellationToken cancellationToken) =>
        new(content.Id, await blobs.KeyOfAsync(organisation, content.Id, cancellationToken), await keys.OfOrganisationAsync(organisation, cancellationToken));
}
