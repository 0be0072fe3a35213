namespace Portal.Application.KeyManagement;

public readonly record struct IssuanceBatchId(Guid Value) : IId<IssuanceBatchId>
{
    public static IssuanceBatchId New() => new(Guid.NewGuid());

    public static IssuanceBatchId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
