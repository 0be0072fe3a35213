namespace Portal.Application;

public readonly record struct AccountId(Guid Value) : IId<AccountId>
{
    public static AccountId New() => new(Guid.NewGuid());

    public static AccountId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
