namespace Portal.Application.Mailboxes;

public readonly record struct FolderId(Guid Value) : IId<FolderId>
{
    public static FolderId New() => new(Guid.NewGuid());

    public static FolderId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
