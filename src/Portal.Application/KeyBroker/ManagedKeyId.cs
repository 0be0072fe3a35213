namespace Portal.Application.KeyBroker;

public readonly record struct ManagedKeyId(Guid Value) : IId<ManagedKeyId>
{
    public static ManagedKeyId New() => new(Guid.NewGuid());

    public static ManagedKeyId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
