using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <summary>A master key of the Local store that a key in another store wraps.</summary>
internal sealed class WrappedMasterKeyRow
{
    private WrappedMasterKeyRow()
    {
    }

    public WrappedMasterKeyRow(WrappedMasterKey key)
    {
        Fingerprint = key.Fingerprint;
        WrappedBy = key.WrappedBy.ToString();
        Wrapped = key.Wrapped.ToArray();
        CreatedAt = key.CreatedAt;
    }

    public string Fingerprint { get; private set; } = string.Empty;

    /// <summary>store/name/version.</summary>
    public string WrappedBy { get; private set; } = string.Empty;

    public byte[] Wrapped { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }
}

internal sealed class WrappedMasterKeyMapping : IEntityTypeConfiguration<WrappedMasterKeyRow>
{
    public void Configure(EntityTypeBuilder<WrappedMasterKeyRow> builder)
    {
        builder.ToTable("WrappedMasterKeys");
        builder.HasKey(one => one.Fingerprint);
        builder.Property(one => one.Fingerprint).HasMaxLength(64);
        builder.Property(one => one.WrappedBy).HasMaxLength(300);
    }
}
