using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Organisations;

/// <summary>The one row that says: this portal is set up, and here is its system key.</summary>
internal sealed class Installation
{
    public const int TheOne = 1;

    private Installation()
    {
    }

    public Installation(string systemKey, byte[] wrappedSystemSecret, DateTimeOffset now)
    {
        Id = TheOne;
        SystemKey = systemKey;
        WrappedSystemSecret = wrappedSystemSecret;
        CreatedAt = now;
    }

    public int Id { get; private set; }

    /// <summary>store/name/version of the RSA key that wraps <see cref="WrappedSystemSecret"/>.</summary>
    public string SystemKey { get; private set; } = string.Empty;

    public byte[] WrappedSystemSecret { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }
}

internal sealed class InstallationMapping : IEntityTypeConfiguration<Installation>
{
    public void Configure(EntityTypeBuilder<Installation> builder)
    {
        builder.ToTable("Installation");
        builder.Property(one => one.Id).ValueGeneratedNever();
        builder.Property(one => one.SystemKey).HasMaxLength(300);
    }
}
