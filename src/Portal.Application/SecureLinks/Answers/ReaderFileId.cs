namespace Portal.Application.SecureLinks.Answers;

public readonly record struct ReaderFileId(Guid Value) : IId<ReaderFileId>
{
    public static ReaderFileId New() => new(Guid.NewGuid());

    public static ReaderFileId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
