using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

internal enum InstallationKeyPurpose
{
    SignCheckpoint,
}

/// <summary>A signing key of the installation, in the default key store. The newest signs; what older ones signed stays valid.</summary>
internal sealed class InstallationKey
{
    private InstallationKey()
    {
    }

    public InstallationKey(InstallationKeyPurpose purpose, CreatedKey created, DateTimeOffset now)
    {
        Reference = created.Reference.ToString();
        Purpose = purpose;
        SubjectPublicKeyInfo = created.SubjectPublicKeyInfo.ToArray();
        CreatedAt = now;
    }

    /// <summary>store/name/version.</summary>
    public string Reference { get; private set; } = string.Empty;

    public InstallationKeyPurpose Purpose { get; private set; }

    public byte[] SubjectPublicKeyInfo { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }
}

internal sealed class InstallationKeyMapping : IEntityTypeConfiguration<InstallationKey>
{
    public void Configure(EntityTypeBuilder<InstallationKey> builder)
    {
        builder.ToTable("InstallationKeys");
        builder.HasKey(one => one.Reference);
        builder.Property(one => one.Reference).HasMaxLength(300);
    }
}
