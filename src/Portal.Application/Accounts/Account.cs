using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Accounts;

/// <summary>A person who signs in.</summary>
public sealed class Account : IOwned
{
    private Account()
    {
    }

    internal Account(OrganisationId organisation, string email, string displayName, Roles roles, DateTimeOffset now)
    {
        Id = AccountId.New();
        OrganisationId = organisation;
        Email = email;
        NormalisedEmail = Normalise(email);
        DisplayName = displayName;
        Roles = roles;
        CreatedAt = now;
        SecurityStamp = Guid.NewGuid().ToString("N");
    }

    public AccountId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public string Email { get; private set; } = string.Empty;

    public string NormalisedEmail { get; private set; } = string.Empty;

    public string DisplayName { get; private set; } = string.Empty;

    public Roles Roles { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? LastSignInAt { get; private set; }

    public DateTimeOffset? LockedUntil { get; internal set; }

    public int FailedSignIns { get; internal set; }

    public bool Disabled { get; private set; }

    internal string? PasswordHash { get; set; }

    internal string SecurityStamp { get; set; } = string.Empty;

    internal long Version { get; private set; }

    /// <summary>Sign-in names are compared without case, by the invariant culture.</summary>
    public static string Normalise(string email) => email.Trim().ToLowerInvariant();

    internal void SignedIn(DateTimeOffset now) => LastSignInAt = now;

    internal void Disable() => Disabled = true;
}

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("Accounts");
        builder.Property(one => one.Email).HasMaxLength(320);
        builder.Property(one => one.NormalisedEmail).HasMaxLength(320);
        builder.Property(one => one.DisplayName).HasMaxLength(200);
        builder.Property(one => one.PasswordHash).HasMaxLength(400);
        builder.Property(one => one.SecurityStamp).HasMaxLength(64);
        builder.Property(one => one.Version).IsConcurrencyToken();
        builder.HasIndex(one => one.NormalisedEmail).IsUnique();
        builder.HasIndex(one => one.OrganisationId);
    }
}
