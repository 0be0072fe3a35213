using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Brands;

/// <summary>An organisation's logo, as it was handed in. Anybody may see it.</summary>
internal sealed class BrandLogo : IOwned
{
    private BrandLogo()
    {
    }

    public BrandLogo(OrganisationId organisation) => OrganisationId = organisation;

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>image/png or image/jpeg, by what is in it.</summary>
    public string MediaType { get; private set; } = string.Empty;

    public byte[] Content { get; private set; } = [];

    /// <summary>So that it may be kept by browsers for as long as it stays.</summary>
    public string Version => Convert.ToHexStringLower(SHA256.HashData(Content))[..16];

    public void Take(string mediaType, byte[] content) => (MediaType, Content) = (mediaType, content);
}

internal sealed class BrandLogoMapping : IEntityTypeConfiguration<BrandLogo>
{
    public void Configure(EntityTypeBuilder<BrandLogo> builder)
    {
        builder.ToTable("BrandLogos");
        builder.HasKey(one => one.OrganisationId);
        builder.Ignore(one => one.Version);
        builder.Property(one => one.MediaType).HasMaxLength(20);
    }
}
