namespace Portal.Application.AtRest;

public readonly record struct BlobId(Guid Value) : IId<BlobId>
{
    public static BlobId New() => new(Guid.NewGuid());

    public static BlobId From(Guid value) => new(value);

    /// <summary>In queries the database's order counts.</summary>
    public static bool operator <(BlobId left, BlobId right) => left.Value < right.Value;

    public static bool operator >(BlobId left, BlobId right) => left.Value > right.Value;

    public override string ToString() => Value.ToString("N");
}
