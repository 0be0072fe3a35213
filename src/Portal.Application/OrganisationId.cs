namespace Portal.Application;

public readonly record struct OrganisationId(Guid Value) : IId<OrganisationId>
{
    public static OrganisationId New() => new(Guid.NewGuid());

    public static OrganisationId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
