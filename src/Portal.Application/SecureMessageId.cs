namespace Portal.Application;

public readonly record struct SecureMessageId(Guid Value) : IId<SecureMessageId>
{
    public static SecureMessageId New() => new(Guid.NewGuid());

    public static SecureMessageId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
