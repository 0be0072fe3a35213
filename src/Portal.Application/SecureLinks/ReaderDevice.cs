using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.Accounts;

namespace Portal.Application.SecureLinks;

/// <summary>A browser that a reader wants to be recognised by, for a while.</summary>
internal sealed class ReaderDevice : IOwned
{
    private ReaderDevice()
    {
    }

    public ReaderDevice(OrganisationId organisation, ReaderId reader, byte[] tokenSha256, SessionOrigin origin, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        OrganisationId = organisation;
        ReaderId = reader;
        TokenSha256 = tokenSha256;
        Browser = origin.Browser;
        CreatedAt = now;
        ExpiresAt = expiresAt;
    }

    public OrganisationId OrganisationId { get; private set; }

    public ReaderId ReaderId { get; private set; }

    /// <summary>Of what the browser's cookie holds.</summary>
    public byte[] TokenSha256 { get; private set; } = [];

    public string Browser { get; private set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }
}

internal sealed class ReaderDeviceMapping : IEntityTypeConfiguration<ReaderDevice>
{
    public void Configure(EntityTypeBuilder<ReaderDevice> builder)
    {
        builder.ToTable("ReaderDevices");
        builder.HasKey(one => one.TokenSha256);
        builder.HasOne<Reader>().WithMany().HasForeignKey(one => one.ReaderId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.TokenSha256).HasMaxLength(32);
        builder.Property(one => one.Browser).HasMaxLength(100);
        builder.HasIndex(one => one.ReaderId);
        builder.HasIndex(one => one.OrganisationId);
    }
}
