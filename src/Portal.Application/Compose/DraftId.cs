namespace Portal.Application.Compose;

public readonly record struct DraftId(Guid Value) : IId<DraftId>
{
    public static DraftId New() => new(Guid.NewGuid());

    public static DraftId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
