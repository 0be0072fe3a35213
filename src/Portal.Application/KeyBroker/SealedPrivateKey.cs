using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.KeyBroker;

/// <summary>A software key of the Local store; without the master key, which is never in the database, it is noise.</summary>
internal sealed class SealedPrivateKey
{
    private SealedPrivateKey()
    {
    }

    public SealedPrivateKey(string reference, byte[] sealedKey)
    {
        Reference = reference;
        SealedKey = sealedKey;
    }

    public string Reference { get; private set; } = string.Empty;

    public byte[] SealedKey { get; private set; } = [];
}

internal sealed class SealedPrivateKeyMapping : IEntityTypeConfiguration<SealedPrivateKey>
{
    public void Configure(EntityTypeBuilder<SealedPrivateKey> builder)
    {
        builder.ToTable("SealedPrivateKeys");
        builder.HasKey(one => one.Reference);
        builder.Property(one => one.Reference).HasMaxLength(300);
    }
}
