namespace Portal.Application.Transport;

public readonly record struct MailAccountId(Guid Value) : IId<MailAccountId>
{
    public static MailAccountId New() => new(Guid.NewGuid());

    public static MailAccountId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
