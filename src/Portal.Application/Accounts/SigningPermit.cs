using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Accounts;

/// <summary>What somebody leaves behind in a live session: the portal may sign one thing in their name, not before a certain time, without them.</summary>
internal sealed class SigningPermit : IOwned
{
    private SigningPermit()
    {
    }

    public SigningPermit(Actor.Person by, Guid subject, DateTimeOffset notBefore, DateTimeOffset now)
    {
        Id = PermitId.New();
        OrganisationId = by.Organisation;
        AccountId = by.Account;
        SessionId = by.Session;
        Subject = subject;
        NotBefore = notBefore;
        GivenAt = now;
    }

    public PermitId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public AccountId AccountId { get; private set; }

    /// <summary>In which it was given.</summary>
    public SessionId SessionId { get; private set; }

    /// <summary>The id of what may be signed.</summary>
    public Guid Subject { get; private set; }

    public DateTimeOffset NotBefore { get; private set; }

    public DateTimeOffset GivenAt { get; private set; }
}

internal sealed class SigningPermitMapping : IEntityTypeConfiguration<SigningPermit>
{
    public void Configure(EntityTypeBuilder<SigningPermit> builder)
    {
        builder.ToTable("SigningPermits");
        builder.HasIndex(one => one.Subject).IsUnique();
        builder.HasIndex(one => one.OrganisationId);
        builder.HasOne<Account>().WithMany().HasForeignKey(one => one.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
