namespace Portal.Application;

public readonly record struct ReaderId(Guid Value) : IId<ReaderId>
{
    public static ReaderId New() => new(Guid.NewGuid());

    public static ReaderId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
