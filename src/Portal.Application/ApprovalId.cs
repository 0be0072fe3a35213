namespace Portal.Application;

public readonly record struct ApprovalId(Guid Value) : IId<ApprovalId>
{
    public static ApprovalId New() => new(Guid.NewGuid());

    public static ApprovalId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
