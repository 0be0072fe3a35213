using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Accounts;

/// <summary>A passkey's public half (WebAuthn Level 3); the private one never leaves its authenticator.</summary>
internal sealed class AccountPasskey : IOwned
{
    private AccountPasskey()
    {
    }

    public AccountPasskey(Account account, UserPasskeyInfo passkey)
    {
        CredentialId = passkey.CredentialId;
        OrganisationId = account.OrganisationId;
        AccountId = account.Id;
        PublicKey = passkey.PublicKey;
        CreatedAt = passkey.CreatedAt;
        Transports = string.Join(' ', passkey.Transports ?? []);
        AttestationObject = passkey.AttestationObject;
        ClientData = passkey.ClientDataJson;
        Take(passkey);
    }

    public byte[] CredentialId { get; private set; } = [];

    public OrganisationId OrganisationId { get; private set; }

    public AccountId AccountId { get; private set; }

    public string Name { get; private set; } = string.Empty;

    public byte[] PublicKey { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public long SignCount { get; private set; }

    public string Transports { get; private set; } = string.Empty;

    public bool IsUserVerified { get; private set; }

    public bool IsBackupEligible { get; private set; }

    public bool IsBackedUp { get; private set; }

    public byte[] AttestationObject { get; private set; } = [];

    public byte[] ClientData { get; private set; } = [];

    /// <summary>What changes with every use.</summary>
    public void Take(UserPasskeyInfo passkey)
    {
        Name = passkey.Name ?? string.Empty;
        SignCount = passkey.SignCount;
        IsUserVerified = passkey.IsUserVerified;
        IsBackupEligible = passkey.IsBackupEligible;
        IsBackedUp = passkey.IsBackedUp;
    }

    public UserPasskeyInfo ToPasskey() => new(
        CredentialId,
        PublicKey,
        CreatedAt,
        (uint)SignCount,
        Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        IsUserVerified,
        IsBackupEligible,
        IsBackedUp,
        AttestationObject,
        ClientData)
    {
        Name = Name,
    };
}

internal sealed class AccountPasskeyMapping : IEntityTypeConfiguration<AccountPasskey>
{
    public void Configure(EntityTypeBuilder<AccountPasskey> builder)
    {
        builder.ToTable("AccountPasskeys");
        builder.HasKey(one => one.CredentialId);
        builder.HasOne<Account>().WithMany().HasForeignKey(one => one.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.CredentialId).HasMaxLength(1023);
        builder.Property(one => one.Name).HasMaxLength(100);
        builder.Property(one => one.PublicKey).HasMaxLength(2000);
        builder.Property(one => one.Transports).HasMaxLength(100);
        builder.HasIndex(one => one.AccountId);
        builder.HasIndex(one => one.OrganisationId);
    }
}
