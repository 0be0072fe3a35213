using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Domains;
using Portal.Application.Mailboxes;
using Portal.Application.Telemetry;
using Portal.Application.Transport;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.Outbox;

/// <summary>Brings one outbox message a step further: to the mailboxes that live here, and to the mail server for the others.</summary>
internal sealed class Dispatch(
    PortalDatabase database,
    SealedBlobs blobs,
    DataKeys keys,
    SenderDomains senderDomains,
    LocalDelivery local,
    HandingOver handingOver,
    FailureNotices notices,
    IOptions<OutboxOptions> options,
    Figures figures,
    TimeProvider clock) : IWorkHandler
{
    public WorkKind Kind => WorkKind.Dispatch;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var attempt = await BeginAsync(work, cancellationToken);
        using var key = await keys.OfMailboxAsync(work.Organisation, attempt.Sender.Id, cancellationToken);
        var outcomes = new Dictionary<DeliveryId, HandOver>();
        var outside = new List<Delivery>();
        var isProved = await senderDomains.IsProvedAsync(work.Organisation, attempt.Sender.Address, cancellationToken);
        foreach (var delivery in attempt.Pending)
        {
            if (!isProved && !await MayGoAsync(attempt, delivery.Address(key), cancellationToken))
            {
                outcomes[delivery.Id] = new HandOver.Deferred(ServerWords.Kept(nameof(ServerTexts.DomainNotProved)));
            }
            else if (await DeliverHereAsync(attempt, delivery.Address(key), cancellationToken) is { } outcome)
            {
                outcomes[delivery.Id] = outcome;
            }
            else
            {
                outside.Add(delivery);
            }
        }

        if (outside.Count > 0)
        {
            var answers = await HandOverAsync(attempt, outside.ConvertAll(one => one.Address(key)), cancellationToken);
            foreach (var (delivery, answer) in outside.Zip(answers))
            {
                outcomes[delivery.Id] = answer;
            }
        }

        await EndAsync(work, attempt, outcomes, key, cancellationToken);
    }

    private sealed record Attempt(OutboxMessage Message, Mailbox Sender, List<Delivery> Pending)
    {
        public BlobId Content => Message.ContentId ?? throw new InvalidOperationException("Nothing is sent whose bytes are gone.");
    }

    /// <summary>On record before anything is sent: an attempt that never ends may have delivered.</summary>
    private async Task<Attempt> BeginAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.ConfirmAsync(db, work, cancellationToken);
        var id = new OutboxMessageId(work.Subject);
        var message = await db.OutboxMessages.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == id, cancellationToken);
        var sender = await db.Mailboxes.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == message.SenderId, cancellationToken);
        var deliveries = await db.Deliveries
            .Where(one => one.OrganisationId == work.Organisation && one.OutboxMessageId == id)
            .ToListAsync(cancellationToken);
        var pending = deliveries.Where(one => one.IsPending).ToList();
        pending.ForEach(one => one.Begin(clock.GetUtcNow()));
        db.Announce(sender.Id);
        await db.CommitAsync(cancellationToken);
        return new Attempt(message, sender, pending);
    }

    private async Task<bool> MayGoAsync(Attempt attempt, string address, CancellationToken cancellationToken)
    {
        var key = AddrSpec.TryParse(address, out var parsed) ? AddressKey.Of(parsed) : address;
        return await senderDomains.MayReachAsync(attempt.Sender.OrganisationId, attempt.Sender.Address, key, cancellationToken);
    }

    /// <returns>Null when the address is not here.</returns>
    private async Task<HandOver?> DeliverHereAsync(Attempt attempt, string address, CancellationToken cancellationToken)
    {
        if (!AddrSpec.TryParse(address, out var parsed) || await local.FindAsync(attempt.Sender.OrganisationId, AddressKey.Of(parsed), cancellationToken) is not { } place)
        {
            return null;
        }

        await using var content = await blobs.OpenAsync(attempt.Message.OrganisationId, attempt.Content, cancellationToken);
        if (!await local.HasRoomAsync(place, content.Length, cancellationToken))
        {
            return new HandOver.Deferred(ServerWords.Kept(nameof(ServerTexts.RecipientFull)));
        }

        await local.DeliverAsync(place, content, attempt.Message.ContentSha256, cancellationToken);
        return new HandOver.Accepted(ServerWords.Kept(nameof(ServerTexts.DeliveredInside)));
    }

    private async Task<IReadOnlyList<HandOver>> HandOverAsync(Attempt attempt, List<string> recipients, CancellationToken cancellationToken)
    {
        var message = attempt.Message;
        await using var content = await blobs.OpenAsync(message.OrganisationId, attempt.Content, cancellationToken);
        var returnPath = message.IsNotice ? string.Empty : attempt.Sender.Address;
        return await handingOver.SendAsync(
            message.OrganisationId, attempt.Sender.Id, returnPath, recipients, message.Id.ToString(), content, cancellationToken);
    }

    private async Task EndAsync(
        ClaimedWork work, Attempt attempt, Dictionary<DeliveryId, HandOver> outcomes, SealingKey key, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var retryAfter = options.Value.RetryAfter(work.Attempts);
        var expired = now - attempt.Message.CreatedAt > options.Value.GiveUpAfter;
        var failed = attempt.Pending
            .Where(one => outcomes[one.Id] is HandOver.Refused || (expired && outcomes[one.Id] is HandOver.Deferred))
            .Select(one => new FailedRecipient(one.Address(key), outcomes[one.Id].Answer))
            .ToList();
        var notice = failed.Count > 0 && !attempt.Message.IsNotice ? await notices.StoreAsync(attempt.Sender, attempt.Message, failed, now, cancellationToken) : null;

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        var ids = outcomes.Keys.ToList();
        var reached = new List<DeliveryState>();
        foreach (var delivery in await db.Deliveries.Where(one => one.OrganisationId == work.Organisation && ids.Contains(one.Id)).ToListAsync(cancellationToken))
        {
            Settle(delivery, outcomes[delivery.Id], expired, now, now + retryAfter, key);
            Record(db, work.Organisation, delivery);
            reached.Add(delivery.State);
        }

        if (notice is not null)
        {
            var token = key.Token(notice.Sha256);
            await Arrivals.EnterAsync(db, work.Organisation, attempt.Sender.Id, notice, token, now, cancellationToken);
        }

        var isOver = expired || !outcomes.Values.OfType<HandOver.Deferred>().Any();
        await (isOver
            ? WorkQueue.CompleteAsync(db, work, cancellationToken)
            : WorkQueue.RescheduleAsync(db, work, retryAfter, endedWell: false, cancellationToken));
        db.Announce(attempt.Sender.Id);
        await db.CommitAsync(cancellationToken);
        reached.ForEach(state => figures.Attempted(state.ToString()));
        if (notice is not null)
        {
            figures.Arrived(ArrivalRoute.Notice);
        }
    }

    private static void Settle(Delivery delivery, HandOver outcome, bool expired, DateTimeOffset now, DateTimeOffset next, SealingKey key)
    {
        var answer = delivery.SealAnswer(key, outcome.Answer);
        switch (outcome)
        {
            case HandOver.Accepted:
                delivery.Succeed(now, answer);
                break;
            case HandOver.Deferred when expired:
                delivery.Fail(now, answer, DeliveryFailure.Expired);
                break;
            case HandOver.Deferred deferred:
                delivery.Postpone(now, next, answer, deferred.IsServerAway ? DeliveryFailure.ServerAway : DeliveryFailure.Deferred, deferred.MayBeTaken);
                break;
            default:
                delivery.Fail(now, answer, DeliveryFailure.Refused);
                break;
        }
    }

    private static void Record(PortalDbContext db, OrganisationId organisation, Delivery delivery)
    {
        if (delivery.IsPending)
        {
            return;
        }

        var action = delivery.State == DeliveryState.Sent ? AuditAction.DeliveryCompleted : AuditAction.DeliveryFailed;
        var detail = delivery.PossibleDuplicate ? new Dictionary<string, string> { ["possibleDuplicate"] = "true" } : null;
        db.Record(new AuditEvent(new Actor.Portal(organisation, "outbox"), action, delivery.Id.Value, detail));
    }
}
