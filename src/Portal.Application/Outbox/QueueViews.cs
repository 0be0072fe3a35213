namespace Portal.Application.Outbox;

/// <summary>A delivery as its operator sees it: nothing of what is sent, nor to whom.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Message">The message that it is one recipient of.</param>
/// <param name="State">How far it got.</param>
/// <param name="CreatedAt">When the message was given to the outbox.</param>
/// <param name="Attempts">Until now.</param>
/// <param name="NextAttemptAt">While it is postponed.</param>
/// <param name="LastFailure">Of which kind the last failure was.</param>
/// <param name="PossibleDuplicate">An attempt ended without an answer after the last byte.</param>
public sealed record QueuedDelivery(
    DeliveryId Id, OutboxMessageId Message, DeliveryState State, DateTimeOffset CreatedAt, int Attempts, DateTimeOffset? NextAttemptAt, DeliveryFailure? LastFailure, bool PossibleDuplicate);

public abstract record QueueOutcome
{
    public sealed record Done(IReadOnlyList<DeliveryId> Deliveries) : QueueOutcome;

    /// <summary>No delivery and no message has that id.</summary>
    public sealed record Unknown : QueueOutcome;

    /// <summary>A worker has it at this moment.</summary>
    public sealed record BeingSent : QueueOutcome;

    /// <summary>Nothing of it can be changed any more, or is as it shall be.</summary>
    public sealed record NothingToDo : QueueOutcome;
}
