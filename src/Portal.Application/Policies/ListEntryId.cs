namespace Portal.Application.Policies;

public readonly record struct ListEntryId(Guid Value) : IId<ListEntryId>
{
    public static ListEntryId New() => new(Guid.NewGuid());

    public static ListEntryId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
