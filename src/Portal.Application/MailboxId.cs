namespace Portal.Application;

public readonly record struct MailboxId(Guid Value) : IId<MailboxId>
{
    public static MailboxId New() => new(Guid.NewGuid());

    public static MailboxId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
