namespace Portal.Application;

public readonly record struct ReaderSessionId(Guid Value) : IId<ReaderSessionId>
{
    public static ReaderSessionId New() => new(Guid.NewGuid());

    public static ReaderSessionId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
