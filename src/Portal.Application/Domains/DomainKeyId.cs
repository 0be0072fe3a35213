namespace Portal.Application.Domains;

public readonly record struct DomainKeyId(Guid Value) : IId<DomainKeyId>
{
    public static DomainKeyId New() => new(Guid.NewGuid());

    public static DomainKeyId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
