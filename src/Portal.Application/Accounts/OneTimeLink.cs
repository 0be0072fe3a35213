using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Accounts;

public enum OneTimeLinkPurpose
{
    /// <summary>Somebody is to become one of the organisation's people.</summary>
    Join,

    /// <summary>One of them chooses a new password.</summary>
    NewPassword,
}

/// <summary>Lets whoever holds its token do one thing once. Only the token's hash is stored.</summary>
internal sealed class OneTimeLink : IOwned
{
    private OneTimeLink()
    {
    }

    private OneTimeLink(OrganisationId organisation, OneTimeLinkPurpose purpose, byte[] tokenSha256, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        Id = OneTimeLinkId.New();
        OrganisationId = organisation;
        Purpose = purpose;
        TokenSha256 = tokenSha256;
        CreatedAt = now;
        ExpiresAt = expiresAt;
    }

    public OneTimeLinkId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public OneTimeLinkPurpose Purpose { get; private set; }

    /// <summary>Whose new password; none for somebody who is not here yet.</summary>
    public AccountId? AccountId { get; private set; }

    public string? Email { get; private set; }

    public string? DisplayName { get; private set; }

    public Roles Roles { get; private set; }

    /// <summary>Also forget the second factors: their owner has lost them.</summary>
    public bool ResetsSecondFactors { get; private set; }

    public byte[] TokenSha256 { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    internal long Version { get; private set; }

    public static OneTimeLink ToJoin(
        OrganisationId organisation, string email, string displayName, Roles roles, byte[] tokenSha256, DateTimeOffset now, DateTimeOffset expiresAt) =>
        new(organisation, OneTimeLinkPurpose.Join, tokenSha256, now, expiresAt) { Email = email, DisplayName = displayName, Roles = roles };

    public static OneTimeLink ForNewPassword(
        OrganisationId organisation, AccountId account, bool resetsSecondFactors, byte[] tokenSha256, DateTimeOffset now, DateTimeOffset expiresAt) =>
        new(organisation, OneTimeLinkPurpose.NewPassword, tokenSha256, now, expiresAt) { AccountId = account, ResetsSecondFactors = resetsSecondFactors };

    public bool IsOpen(DateTimeOffset now) => UsedAt is null && now < ExpiresAt;

    /// <summary>Used, or withdrawn.</summary>
    public void Close(DateTimeOffset now) => UsedAt = now;
}

internal sealed class OneTimeLinkMapping : IEntityTypeConfiguration<OneTimeLink>
{
    public void Configure(EntityTypeBuilder<OneTimeLink> builder)
    {
        builder.ToTable("OneTimeLinks");
        builder.HasOne<Account>().WithMany().HasForeignKey(one => one.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.Email).HasMaxLength(320);
        builder.Property(one => one.DisplayName).HasMaxLength(200);
        builder.Property(one => one.Roles).HasMaxLength(100);
        builder.Property(one => one.TokenSha256).HasMaxLength(32);
        builder.Property(one => one.Version).IsConcurrencyToken();
        builder.HasIndex(one => one.TokenSha256).IsUnique();
        builder.HasIndex(one => one.OrganisationId);
    }
}
