namespace Portal.Application.Organisations;

public readonly record struct OrganisationDomainId(Guid Value) : IId<OrganisationDomainId>
{
    public static OrganisationDomainId New() => new(Guid.NewGuid());

    public static OrganisationDomainId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
