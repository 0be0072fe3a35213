namespace Portal.Application.SecureLinks.Answers;

public readonly record struct ReaderDraftId(Guid Value) : IId<ReaderDraftId>
{
    public static ReaderDraftId New() => new(Guid.NewGuid());

    public static ReaderDraftId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
