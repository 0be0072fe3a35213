namespace Portal.Application;

public readonly record struct SecureLinkId(Guid Value) : IId<SecureLinkId>
{
    public static SecureLinkId New() => new(Guid.NewGuid());

    public static SecureLinkId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
