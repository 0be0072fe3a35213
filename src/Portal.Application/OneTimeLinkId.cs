namespace Portal.Application;

public readonly record struct OneTimeLinkId(Guid Value) : IId<OneTimeLinkId>
{
    public static OneTimeLinkId New() => new(Guid.NewGuid());

    public static OneTimeLinkId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
