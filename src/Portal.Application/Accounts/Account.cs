using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Accounts;

/// <summary>A person who signs in.</summary>
public sealed class Account : IOwned
{
    // RFC 6238 §5.2: the present step, and two on either side for clocks that differ.
    private const int CodesAtOnce = 5;

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
        CreatedAt = now;
        Become(roles, now);
        SecurityStamp = Guid.NewGuid().ToString("N");
    }

    public AccountId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public string Email { get; private set; } = string.Empty;

    public string NormalisedEmail { get; private set; } = string.Empty;

    public string DisplayName { get; private set; } = string.Empty;

    public Roles Roles { get; private set; }

    /// <summary>None who is none.</summary>
    public DateTimeOffset? AdministratorSince { get; private set; }

    /// <summary>Of the pages, such as de; none where the browser decides.</summary>
    public string? Language { get; private set; }

    /// <summary>By its IANA name; none where the browser decides.</summary>
    public string? TimeZone { get; private set; }

    /// <summary>Another address of the person, for a forgotten password.</summary>
    public string? RecoveryEmail { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? LastSignInAt { get; private set; }

    public DateTimeOffset? LockedUntil { get; internal set; }

    public int FailedSignIns { get; internal set; }

    public bool Disabled { get; private set; }

    /// <summary>A code of an authenticator app is asked for.</summary>
    public bool UsesAuthenticator { get; internal set; }

    internal string? PasswordHash { get; set; }

    /// <summary>The authenticator's secret, protected by the key ring.</summary>
    internal byte[]? SealedAuthenticatorKey { get; set; }

    /// <summary>Hashes of the recovery codes that are left, protected by the key ring.</summary>
    internal byte[]? SealedRecoveryCodes { get; set; }

    /// <summary>The codes that were accepted last, one to a word, the newest first: none is accepted twice.</summary>
    internal string UsedCodes { get; private set; } = string.Empty;

    internal string SecurityStamp { get; set; } = string.Empty;

    internal long Version { get; private set; }

    /// <summary>Has a password that nobody knows: for whoever tries to sign in as somebody who is not here.</summary>
    internal static Account Nobody { get; } = new()
    {
        PasswordHash = new Microsoft.AspNetCore.Identity.PasswordHasher<Account>(
            Microsoft.Extensions.Options.Options.Create(new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = AccountServices.HashIterations }))
            .HashPassword(null!, Guid.NewGuid().ToString()),
    };

    /// <summary>Sign-in names are compared without case, by the invariant culture.</summary>
    public static string Normalise(string email) => email.Trim().ToLowerInvariant();

    internal bool HasUsed(string code) => UsedCodes.Split(' ').Contains(code);

    /// <summary>As many are remembered as are valid at one time.</summary>
    internal void Use(string code) => UsedCodes = string.Join(' ', UsedCodes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(code).Take(CodesAtOnce));

    internal void Call(string displayName) => DisplayName = displayName;

    internal void Prefer(string? language, string? timeZone, string? recoveryEmail) =>
        (Language, TimeZone, RecoveryEmail) = (language, timeZone, recoveryEmail);

    internal void Become(Roles roles, DateTimeOffset now)
    {
        Roles = roles;
        AdministratorSince = roles.HasFlag(Roles.Administrator) ? AdministratorSince ?? now : null;
    }

    internal void Disable() => Disabled = true;

    internal void Enable()
    {
        Disabled = false;
        Unlock();
    }

    internal void Unlock()
    {
        LockedUntil = null;
        FailedSignIns = 0;
    }
}

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("Accounts");
        builder.Property(one => one.Email).HasMaxLength(320);
        builder.Property(one => one.NormalisedEmail).HasMaxLength(320);
        builder.Property(one => one.DisplayName).HasMaxLength(200);
        builder.Property(one => one.Roles).HasMaxLength(100);
        builder.Property(one => one.Language).HasMaxLength(10);
        builder.Property(one => one.TimeZone).HasMaxLength(64);
        builder.Property(one => one.RecoveryEmail).HasMaxLength(320);
        builder.Property(one => one.PasswordHash).HasMaxLength(400);
        builder.Property(one => one.SealedAuthenticatorKey).HasMaxLength(1000);
        builder.Property(one => one.SealedRecoveryCodes).HasMaxLength(4000);
        builder.Property(one => one.UsedCodes).HasMaxLength(64);
        builder.Property(one => one.SecurityStamp).HasMaxLength(64);
        builder.Property(one => one.Version).IsConcurrencyToken();
        builder.HasIndex(one => one.NormalisedEmail).IsUnique();
        builder.HasIndex(one => one.OrganisationId);
    }
}
