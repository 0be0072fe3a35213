namespace Portal.Application.Certificates;

public readonly record struct TrustAnchorId(Guid Value) : IId<TrustAnchorId>
{
    public static TrustAnchorId New() => new(Guid.NewGuid());

    public static TrustAnchorId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
