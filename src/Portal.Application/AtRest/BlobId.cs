namespace Portal.Application.AtRest;

public readonly record struct BlobId(Guid Value) : IId<BlobId>
{
    public static BlobId New() => new(Guid.NewGuid());

    public static BlobId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
