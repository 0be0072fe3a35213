using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.Accounts;

namespace Portal.Application.Policies;

/// <summary>A rule for mail that goes out: configuration of an organisation like its policy, readable in the database and on record with every change.</summary>
internal sealed class OutgoingRule : IOwned
{
    private OutgoingRule()
    {
    }

    public OutgoingRule(OrganisationId organisation, OutgoingRuleDefinition definition, AccountId? by, DateTimeOffset now)
    {
        Id = OutgoingRuleId.New();
        OrganisationId = organisation;
        IsOn = true;
        CreatedAt = now;
        Define(definition, by, now);
    }

    public OutgoingRuleId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public bool IsOn { get; private set; }

    /// <summary>JSON of an <see cref="OutgoingRuleDefinition"/>.</summary>
    public string Definition { get; private set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Null: the command line.</summary>
    public AccountId? ChangedBy { get; private set; }

    public long Version { get; private set; }

    public void Define(OutgoingRuleDefinition definition, AccountId? by, DateTimeOffset now) =>
        (Definition, ChangedBy, ChangedAt) = (definition.ToJson(), by, now);

    public void Switch(bool on, AccountId? by, DateTimeOffset now) => (IsOn, ChangedBy, ChangedAt) = (on, by, now);
}

internal sealed class OutgoingRuleMapping : IEntityTypeConfiguration<OutgoingRule>
{
    public void Configure(EntityTypeBuilder<OutgoingRule> builder)
    {
        builder.ToTable("OutgoingRules");
        builder.HasOne<Account>().WithMany().HasForeignKey(one => one.ChangedBy).OnDelete(DeleteBehavior.Restrict);
        builder.Property(one => one.Definition).HasMaxLength(4000);
        builder.Property(one => one.Version).IsConcurrencyToken();
        builder.HasIndex(one => new { one.OrganisationId, one.CreatedAt });
    }
}
