namespace Portal.Application.Mailboxes;

public readonly record struct StoredMessageId(Guid Value) : IId<StoredMessageId>
{
    public static StoredMessageId New() => new(Guid.NewGuid());

    public static StoredMessageId From(Guid value) => new(value);

    /// <summary>In queries the database's order counts; it only has to be one.</summary>
    public static bool operator <(StoredMessageId left, StoredMessageId right) => left.Value < right.Value;

    public static bool operator >(StoredMessageId left, StoredMessageId right) => left.Value > right.Value;

    public override string ToString() => Value.ToString("N");
}
