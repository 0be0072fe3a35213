namespace Portal.Application;

public readonly record struct CertificateId(Guid Value) : IId<CertificateId>
{
    public static CertificateId New() => new(Guid.NewGuid());

    public static CertificateId From(Guid value) => new(value);

    /// <summary>In queries the database's order counts.</summary>
    public static bool operator <(CertificateId left, CertificateId right) => left.Value < right.Value;

    public static bool operator >(CertificateId left, CertificateId right) => left.Value > right.Value;

    public override string ToString() => Value.ToString("N");
}
