using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.SecureLinks;

/// <summary>The public half of a reader's passkey (WebAuthn Level 3); the private one never leaves its authenticator.</summary>
internal sealed class ReaderPasskey : IOwned
{
    private ReaderPasskey()
    {
    }

    public ReaderPasskey(Reader reader, string host, UserPasskeyInfo passkey, string name, DateTimeOffset now)
    {
        OrganisationId = reader.OrganisationId;
        ReaderId = reader.Id;
        CredentialId = passkey.CredentialId;
        Host = host;
        Name = name;
        PublicKey = passkey.PublicKey;
        SignCount = passkey.SignCount;
        Transports = string.Join(' ', passkey.Transports ?? []);
        IsBackupEligible = passkey.IsBackupEligible;
        IsBackedUp = passkey.IsBackedUp;
        CreatedAt = now;
    }

    public OrganisationId OrganisationId { get; private set; }

    public ReaderId ReaderId { get; private set; }

    /// <summary>As its authenticator chose it; it means something beside its reader only.</summary>
    public byte[] CredentialId { get; private set; } = [];

    /// <summary>To which it is bound (the RP ID).</summary>
    public string Host { get; private set; } = string.Empty;

    public string Name { get; private set; } = string.Empty;

    /// <summary>COSE_Key (RFC 9052 §7).</summary>
    public byte[] PublicKey { get; private set; } = [];

    /// <summary>0 for an authenticator that does not count.</summary>
    public long SignCount { get; private set; }

    public string Transports { get; private set; } = string.Empty;

    public bool IsBackupEligible { get; private set; }

    public bool IsBackedUp { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    public void Use(UserPasskeyInfo passkey, DateTimeOffset now) => (SignCount, IsBackedUp, UsedAt) = (passkey.SignCount, passkey.IsBackedUp, now);

    /// <summary>What it was added with is looked at once and not kept.</summary>
    public UserPasskeyInfo ToPasskey() => new(
        CredentialId,
        PublicKey,
        CreatedAt,
        (uint)SignCount,
        Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        isUserVerified: true,
        IsBackupEligible,
        IsBackedUp,
        attestationObject: [],
        clientDataJson: []);
}

internal sealed class ReaderPasskeyMapping : IEntityTypeConfiguration<ReaderPasskey>
{
    public void Configure(EntityTypeBuilder<ReaderPasskey> builder)
    {
        builder.ToTable("ReaderPasskeys");
        builder.HasKey(one => new { one.ReaderId, one.CredentialId });
        builder.HasOne<Reader>().WithMany().HasForeignKey(one => one.ReaderId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.CredentialId).HasMaxLength(1023);
        builder.Property(one => one.Host).HasMaxLength(253);
        builder.Property(one => one.Name).HasMaxLength(PlainText.LongestName);
        builder.Property(one => one.PublicKey).HasMaxLength(2000);
        builder.Property(one => one.Transports).HasMaxLength(100);
        builder.HasIndex(one => one.OrganisationId);
    }
}
