using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;

namespace Portal.Application.Domains;

public enum DomainKeyState
{
    /// <summary>Its record is not known to be published yet.</summary>
    Waiting,

    Signing,

    /// <summary>Signs no more; its record stays for mail that is still under way.</summary>
    Retired,
}

/// <summary>A key that signs mail in the name of a domain (RFC 6376).</summary>
internal sealed class DomainKey : IOwned
{
    private DomainKey()
    {
    }

    public DomainKey(OrganisationDomain domain, string selector, ManagedKeyId key, DateTimeOffset now)
    {
        Id = DomainKeyId.New();
        OrganisationId = domain.OrganisationId;
        DomainId = domain.Id;
        Selector = selector;
        KeyId = key;
        CreatedAt = now;
    }

    public DomainKeyId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public OrganisationDomainId DomainId { get; private set; }

    public string Selector { get; private set; } = string.Empty;

    public ManagedKeyId KeyId { get; private set; }

    public DomainKeyState State { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? SigningSince { get; private set; }

    public DateTimeOffset? RetiredAt { get; private set; }

    public void Start(DateTimeOffset now) => (State, SigningSince) = (DomainKeyState.Signing, now);

    public void Retire(DateTimeOffset now) => (State, RetiredAt) = (DomainKeyState.Retired, now);
}

internal sealed class DomainKeyMapping : IEntityTypeConfiguration<DomainKey>
{
    public void Configure(EntityTypeBuilder<DomainKey> builder)
    {
        builder.ToTable("DomainKeys");
        builder.HasOne<OrganisationDomain>().WithMany().HasForeignKey(one => one.DomainId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.Selector).HasMaxLength(63);
        builder.HasIndex(one => one.DomainId);
        builder.HasIndex(one => one.OrganisationId);
    }
}
