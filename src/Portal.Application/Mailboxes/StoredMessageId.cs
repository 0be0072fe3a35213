namespace Portal.Application.Mailboxes;

public readonly record struct StoredMessageId(Guid Value) : IId<StoredMessageId>
{
    public static StoredMessageId New() => new(Guid.NewGuid());

    public static StoredMessageId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
