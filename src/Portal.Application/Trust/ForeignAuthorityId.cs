namespace Portal.Application.Trust;

public readonly record struct ForeignAuthorityId(Guid Value) : IId<ForeignAuthorityId>
{
    public static ForeignAuthorityId New() => new(Guid.NewGuid());

    public static ForeignAuthorityId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
