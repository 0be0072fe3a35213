namespace Portal.Application;

public readonly record struct LargeFileId(Guid Value) : IId<LargeFileId>
{
    public static LargeFileId New() => new(Guid.NewGuid());

    public static LargeFileId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
