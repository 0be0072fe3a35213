using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Transport;
using Portal.Application.Work;

namespace Portal.Application.Outbox;

/// <summary>What an operator may do to deliveries: look, send now, hold, give up. Each is on record.</summary>
public sealed class OutboxQueue
{
    private static readonly string Cancelled = ServerWords.Kept(nameof(ServerTexts.Cancelled));
    private static readonly DeliveryState[] Waiting = [DeliveryState.Queued, DeliveryState.Sending, DeliveryState.Postponed, DeliveryState.Held];

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly FailureNotices _notices;
    private readonly TimeProvider _clock;

    internal OutboxQueue(PortalDatabase database, DataKeys keys, FailureNotices notices, TimeProvider clock) =>
        (_database, _keys, _notices, _clock) = (database, keys, notices, clock);

    /// <param name="organisation">Whose.</param>
    /// <param name="failedToo">Those too that were given up.</param>
    /// <param name="most">The oldest of them.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<QueuedDelivery>> ListAsync(OrganisationId organisation, bool failedToo, int most, CancellationToken cancellationToken)
    {
        DeliveryState[] states = failedToo ? [.. Waiting, DeliveryState.Failed] : Waiting;
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        return await db.Deliveries
            .Where(one => one.OrganisationId == organisation && states.Contains(one.State))
            .Join(db.OutboxMessages, one => one.OutboxMessageId, message => message.Id, (one, message) => new { one, message.CreatedAt })
            .OrderBy(row => row.CreatedAt)
            .ThenBy(row => row.one.Id)
            .Take(most)
            .Select(row => new QueuedDelivery(
                row.one.Id, row.one.OutboxMessageId, row.one.State, row.CreatedAt, row.one.Attempts, row.one.NextAttemptAt, row.one.LastFailure, row.one.PossibleDuplicate))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Now, also what was held.</summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="id">A delivery, or a message for all of its deliveries.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<QueueOutcome> RetryAsync(Actor actor, Guid id, CancellationToken cancellationToken) => ChangeAsync(
        actor,
        id,
        AuditAction.DeliveryRetried,
        one => Waiting.Contains(one.State),
        (one, now) => one.Release(now),
        (db, message, _) => WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.Dispatch, message.Id.Value, cancellationToken),
        cancellationToken);

    /// <summary>Not tried until it is retried.</summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="id">A delivery, or a message for all of its deliveries.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<QueueOutcome> HoldAsync(Actor actor, Guid id, CancellationToken cancellationToken) => ChangeAsync(
        actor, id, AuditAction.DeliveryHeld, one => one.IsPending, (one, now) => one.Hold(now), (_, _, _) => Task.CompletedTask, cancellationToken);

    /// <summary>Given up; the sender is told.</summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="id">A delivery, or a message for all of its deliveries.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<QueueOutcome> CancelAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var (message, sender, concerned) = await FindAsync(actor.Organisation, id, cancellationToken);
        if (message is null || concerned.Count == 0)
        {
            return message is null ? new QueueOutcome.Unknown() : new QueueOutcome.NothingToDo();
        }

        // Before the transaction: a notice that does not count in the end is sealed noise.
        using var key = await _keys.OfMailboxAsync(actor.Organisation, sender!.Id, cancellationToken);
        var recipients = concerned.ConvertAll(one => new FailedRecipient(one.Address(key), Cancelled));
        var notice = message.IsNotice ? null : await _notices.StoreAsync(sender, message, recipients, _clock.GetUtcNow(), cancellationToken);
        var ids = concerned.Select(one => one.Id).ToHashSet();
        return await ChangeAsync(
            actor,
            id,
            AuditAction.DeliveryCancelled,
            one => ids.Contains(one.Id) && Waiting.Contains(one.State),
            (one, now) => one.Fail(now, one.SealAnswer(key, Cancelled), DeliveryFailure.Cancelled),
            (db, _, now) => notice is null
                ? Task.CompletedTask
                : Arrivals.EnterAsync(db, actor.Organisation, sender.Id, notice, key.Token(notice.Sha256), now, cancellationToken),
            cancellationToken);
    }

    private async Task<(OutboxMessage? Message, Mailbox? Sender, List<Delivery> Concerned)> FindAsync(
        OrganisationId organisation, Guid id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var deliveries = await Named(db, organisation, id).ToListAsync(cancellationToken);
        if (deliveries.Count == 0)
        {
            return (null, null, []);
        }

        var message = await db.OutboxMessages.SingleAsync(one => one.OrganisationId == organisation && one.Id == deliveries[0].OutboxMessageId, cancellationToken);
        var sender = await db.Mailboxes.SingleAsync(one => one.OrganisationId == organisation && one.Id == message.SenderId, cancellationToken);
        return (message, sender, deliveries.Where(one => Waiting.Contains(one.State)).ToList());
    }

    /// <summary>Under the work item's lock, and with its token raised: whoever claimed it before can save nothing any more.</summary>
    private async Task<QueueOutcome> ChangeAsync(
        Actor actor,
        Guid id,
        AuditAction action,
        Func<Delivery, bool> concerns,
        Action<Delivery, DateTimeOffset> change,
        Func<PortalDbContext, OutboxMessage, DateTimeOffset, Task> besides,
        CancellationToken cancellationToken)
    {
        var organisation = actor.Organisation;
        await using var db = await _database.WriteAsync(organisation, cancellationToken);
        var ofMessage = await Named(db, organisation, id).Select(one => (OutboxMessageId?)one.OutboxMessageId).FirstOrDefaultAsync(cancellationToken);
        if (ofMessage is not { } messageId)
        {
            return new QueueOutcome.Unknown();
        }

        if (!await WorkQueue.TakeOverAsync(db, organisation, WorkKind.Dispatch, messageId.Value, cancellationToken))
        {
            return new QueueOutcome.BeingSent();
        }

        var deliveries = (await Named(db, organisation, id).ToListAsync(cancellationToken)).Where(concerns).ToList();
        if (deliveries.Count == 0)
        {
            return new QueueOutcome.NothingToDo();
        }

        var now = _clock.GetUtcNow();
        var message = await db.OutboxMessages.SingleAsync(one => one.OrganisationId == organisation && one.Id == messageId, cancellationToken);
        foreach (var delivery in deliveries)
        {
            change(delivery, now);
            db.Record(new AuditEvent(actor, action, delivery.Id.Value));
        }

        await besides(db, message, now);
        db.Announce(message.SenderId);
        await db.CommitAsync(cancellationToken);
        return new QueueOutcome.Done(deliveries.ConvertAll(one => one.Id));
    }

    private static IQueryable<Delivery> Named(PortalDbContext db, OrganisationId organisation, Guid id)
    {
        var (delivery, message) = (new DeliveryId(id), new OutboxMessageId(id));
        return db.Deliveries.Where(one => one.OrganisationId == organisation && (one.Id == delivery || one.OutboxMessageId == message));
    }
}
