namespace Portal.Application.Compose;

public readonly record struct DraftAttachmentId(Guid Value) : IId<DraftAttachmentId>
{
    public static DraftAttachmentId New() => new(Guid.NewGuid());

    public static DraftAttachmentId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
