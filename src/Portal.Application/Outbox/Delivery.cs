using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Outbox;

public enum DeliveryState
{
    Queued,
    Sending,
    Sent,
    Postponed,
    Failed,
}

/// <summary>One recipient of one outbox message.</summary>
internal sealed class Delivery : IOwned
{
    private Delivery()
    {
    }

    public Delivery(OrganisationId organisation, OutboxMessageId message, byte[] sealedAddress, DateTimeOffset now)
    {
        Id = DeliveryId.New();
        OrganisationId = organisation;
        OutboxMessageId = message;
        SealedAddress = sealedAddress;
        At = now;
    }

    public DeliveryId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public OutboxMessageId OutboxMessageId { get; private set; }

    /// <summary>Sealed under the sender's mailbox key.</summary>
    public byte[] SealedAddress { get; private set; } = [];

    public DeliveryState State { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>When the state was reached.</summary>
    public DateTimeOffset At { get; private set; }

    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>Sealed: what the server answered.</summary>
    public byte[]? SealedAnswer { get; private set; }

    /// <summary>An attempt ended between the final dot and its answer (RFC 1047).</summary>
    public bool PossibleDuplicate { get; private set; }

    public bool IsPending => State is DeliveryState.Queued or DeliveryState.Sending or DeliveryState.Postponed;

    public void Begin(DateTimeOffset now)
    {
        PossibleDuplicate |= State == DeliveryState.Sending;
        State = DeliveryState.Sending;
        Attempts++;
        At = now;
        NextAttemptAt = null;
    }

    public void Succeed(DateTimeOffset now, byte[]? sealedAnswer) => Reach(DeliveryState.Sent, now, null, sealedAnswer);

    public void Postpone(DateTimeOffset now, DateTimeOffset next, byte[]? sealedAnswer) => Reach(DeliveryState.Postponed, now, next, sealedAnswer);

    public void Fail(DateTimeOffset now, byte[]? sealedAnswer) => Reach(DeliveryState.Failed, now, null, sealedAnswer);

    private void Reach(DeliveryState state, DateTimeOffset now, DateTimeOffset? next, byte[]? sealedAnswer)
    {
        State = state;
        At = now;
        NextAttemptAt = next;
        SealedAnswer = sealedAnswer;
    }
}

internal sealed class DeliveryMapping : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> builder)
    {
        builder.ToTable("Deliveries");
        builder.Ignore(one => one.IsPending);
        builder.HasIndex(one => one.OutboxMessageId);
        builder.HasIndex(one => one.OrganisationId);
    }
}
