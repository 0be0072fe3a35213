namespace Portal.Application;

public readonly record struct CertificateId(Guid Value) : IId<CertificateId>
{
    public static CertificateId New() => new(Guid.NewGuid());

    public static CertificateId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
