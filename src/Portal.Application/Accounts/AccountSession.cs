using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Accounts;

/// <summary>One sign-in of one person, from its beginning to its end.</summary>
internal sealed class AccountSession : IOwned
{
    private AccountSession()
    {
    }

    public AccountSession(Account account, SessionOrigin origin, bool secondFactor, DateTimeOffset now)
    {
        Id = SessionId.New();
        OrganisationId = account.OrganisationId;
        AccountId = account.Id;
        Browser = origin.Browser;
        Network = origin.Network;
        SecondFactor = secondFactor;
        BeganAt = now;
        LastSeenAt = now;
    }

    public SessionId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public AccountId AccountId { get; private set; }

    /// <summary>In a few words, such as Firefox on Windows.</summary>
    public string Browser { get; private set; } = string.Empty;

    /// <summary>The network address that signed in.</summary>
    public string Network { get; private set; } = string.Empty;

    /// <summary>Not by a password alone.</summary>
    public bool SecondFactor { get; private set; }

    public DateTimeOffset BeganAt { get; private set; }

    /// <summary>Within a minute.</summary>
    public DateTimeOffset LastSeenAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }
}

internal sealed class AccountSessionMapping : IEntityTypeConfiguration<AccountSession>
{
    public void Configure(EntityTypeBuilder<AccountSession> builder)
    {
        builder.ToTable("AccountSessions");
        builder.HasOne<Account>().WithMany().HasForeignKey(one => one.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.Browser).HasMaxLength(100);
        builder.Property(one => one.Network).HasMaxLength(64);
        builder.HasIndex(one => new { one.AccountId, one.EndedAt });
        builder.HasIndex(one => one.OrganisationId);
    }
}
