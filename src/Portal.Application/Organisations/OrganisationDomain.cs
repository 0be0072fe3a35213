using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Organisations;

/// <summary>A mail domain that the organisation answers for.</summary>
internal sealed class OrganisationDomain : IOwned
{
    private OrganisationDomain()
    {
    }

    public OrganisationDomain(OrganisationId organisation, string name)
    {
        OrganisationId = organisation;
        Name = name;
    }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>A-label form, lower case.</summary>
    public string Name { get; private set; } = string.Empty;
}

internal sealed class OrganisationDomainMapping : IEntityTypeConfiguration<OrganisationDomain>
{
    public void Configure(EntityTypeBuilder<OrganisationDomain> builder)
    {
        builder.ToTable("OrganisationDomains");
        builder.HasKey(one => one.Name);
        builder.Property(one => one.Name).HasMaxLength(255);
        builder.HasIndex(one => one.OrganisationId);
    }
}
