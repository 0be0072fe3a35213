using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Organisations;

/// <summary>One element of ASP.NET Core's Data Protection key ring, sealed under the system secret.</summary>
internal sealed class ProtectionKey
{
    private ProtectionKey()
    {
    }

    public ProtectionKey(string name, string xml)
    {
        Name = name;
        Xml = xml;
    }

    public string Name { get; private set; } = string.Empty;

    public string Xml { get; private set; } = string.Empty;
}

internal sealed class ProtectionKeyMapping : IEntityTypeConfiguration<ProtectionKey>
{
    public void Configure(EntityTypeBuilder<ProtectionKey> builder)
    {
        builder.ToTable("ProtectionKeys");
        builder.HasKey(one => one.Name);
        builder.Property(one => one.Name).HasMaxLength(200);
    }
}
