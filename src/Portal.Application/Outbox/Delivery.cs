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

    /// <summary>Not tried until an operator lets it go on.</summary>
    Held,
}

/// <summary>What kind of failure; what the server said is sealed.</summary>
public enum DeliveryFailure
{
    /// <summary>No connection, or no answer.</summary>
    ServerAway,

    /// <summary>4xx.</summary>
    Deferred,

    /// <summary>5xx.</summary>
    Refused,

    /// <summary>Deferred for longer than is tried.</summary>
    Expired,

    /// <summary>By an administrator.</summary>
    Cancelled,
}

/// <summary>One recipient of one outbox message.</summary>
internal sealed class Delivery : IOwned
{
    private Delivery()
    {
    }

    public Delivery(DeliveryId id, OrganisationId organisation, OutboxMessageId message, byte[] sealedAddress, string? protection, DateTimeOffset now)
    {
        Id = id;
        OrganisationId = organisation;
        OutboxMessageId = message;
        SealedAddress = sealedAddress;
        Protection = protection;
        At = now;
    }

    public DeliveryId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public OutboxMessageId OutboxMessageId { get; private set; }

    /// <summary>Sealed under the sender's mailbox key.</summary>
    public byte[] SealedAddress { get; private set; } = [];

    /// <summary>By which algorithms the message was encrypted for this recipient, and why not by better ones; null when it was not.</summary>
    public string? Protection { get; private set; }

    public DeliveryState State { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>When the state was reached.</summary>
    public DateTimeOffset At { get; private set; }

    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>Sealed: what the server answered.</summary>
    public byte[]? SealedAnswer { get; private set; }

    public DeliveryFailure? LastFailure { get; private set; }

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

    public void Succeed(DateTimeOffset now, byte[]? sealedAnswer) => Reach(DeliveryState.Sent, now, null, sealedAnswer, null);

    public void Postpone(DateTimeOffset now, DateTimeOffset next, byte[]? sealedAnswer, DeliveryFailure failure, bool mayBeTaken = false)
    {
        PossibleDuplicate |= mayBeTaken;
        Reach(DeliveryState.Postponed, now, next, sealedAnswer, failure);
    }

    public void Fail(DateTimeOffset now, byte[]? sealedAnswer, DeliveryFailure failure) => Reach(DeliveryState.Failed, now, null, sealedAnswer, failure);

    /// <summary>Until it is released. An attempt that began and never ended may have delivered.</summary>
    public void Hold(DateTimeOffset now)
    {
        PossibleDuplicate |= State == DeliveryState.Sending;
        Reach(DeliveryState.Held, now, null, SealedAnswer, LastFailure);
    }

    public void Release(DateTimeOffset now)
    {
        PossibleDuplicate |= State == DeliveryState.Sending;
        Reach(DeliveryState.Queued, now, null, SealedAnswer, LastFailure);
    }

    private void Reach(DeliveryState state, DateTimeOffset now, DateTimeOffset? next, byte[]? sealedAnswer, DeliveryFailure? failure)
    {
        LastFailure = failure;
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
        builder.HasOne<OutboxMessage>().WithMany().HasForeignKey(one => one.OutboxMessageId).OnDelete(DeleteBehavior.Cascade);
        builder.Ignore(one => one.IsPending);
        builder.Property(one => one.Protection).HasMaxLength(200);
        builder.HasIndex(one => one.OutboxMessageId);
        builder.HasIndex(one => one.OrganisationId);
    }
}
