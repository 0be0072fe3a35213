namespace Portal.Application.Outbox;

public readonly record struct DeliveryId(Guid Value) : IId<DeliveryId>
{
    public static DeliveryId New() => new(Guid.NewGuid());

    public static DeliveryId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
