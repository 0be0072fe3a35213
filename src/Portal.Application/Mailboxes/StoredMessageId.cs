namespace Portal.Application.Mailboxes;

public readonly record struct StoredMessageId(Guid Value) : IId<StoredMessageId>
{
    /// <summary>Ids ascend in time: what arrived within one second of the other server's clock stays in the order in which it was stored.</summary>
    public static StoredMessageId New() => new(Guid.CreateVersion7());

    public static StoredMessageId From(Guid value) => new(value);

    /// <summary>In queries the database's order counts.</summary>
    public static bool operator <(StoredMessageId left, StoredMessageId right) => left.Value < right.Value;

    public static bool operator >(StoredMessageId left, StoredMessageId right) => left.Value > right.Value;

    public override string ToString() => Value.ToString("N");
}
