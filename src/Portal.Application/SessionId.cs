namespace Portal.Application;

public readonly record struct SessionId(Guid Value) : IId<SessionId>
{
    public static SessionId New() => new(Guid.NewGuid());

    public static SessionId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
