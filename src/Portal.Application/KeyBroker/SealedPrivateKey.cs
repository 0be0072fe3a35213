using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <summary>A software key of the Local store; without the master key, which is never in the database, it is noise.</summary>
internal sealed class SealedPrivateKey
{
    private SealedPrivateKey()
    {
    }

    public SealedPrivateKey(KeyReference reference, SealedKey key)
    {
        Reference = reference.ToString();
        Store = reference.Store;
        MasterKey = key.MasterKey;
        SealedKey = key.Bytes.ToArray();
    }

    public string Reference { get; private set; } = string.Empty;

    public string Store { get; private set; } = string.Empty;

    /// <summary>Fingerprint of the one that it is sealed under.</summary>
    public string MasterKey { get; private set; } = string.Empty;

    public byte[] SealedKey { get; private set; } = [];
}

internal sealed class SealedPrivateKeyMapping : IEntityTypeConfiguration<SealedPrivateKey>
{
    public void Configure(EntityTypeBuilder<SealedPrivateKey> builder)
    {
        builder.ToTable("SealedPrivateKeys");
        builder.HasKey(one => one.Reference);
        builder.Property(one => one.Reference).HasMaxLength(300);
        builder.Property(one => one.Store).HasMaxLength(127);
        builder.Property(one => one.MasterKey).HasMaxLength(64);
    }
}
