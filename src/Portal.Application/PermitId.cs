namespace Portal.Application;

public readonly record struct PermitId(Guid Value) : IId<PermitId>
{
    public static PermitId New() => new(Guid.NewGuid());

    public static PermitId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
