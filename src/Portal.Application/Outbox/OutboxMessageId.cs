namespace Portal.Application.Outbox;

public readonly record struct OutboxMessageId(Guid Value) : IId<OutboxMessageId>
{
    public static OutboxMessageId New() => new(Guid.NewGuid());

    public static OutboxMessageId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
