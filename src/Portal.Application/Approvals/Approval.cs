using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Approvals;

/// <summary>What is not done on one administrator's word alone, because it cannot be undone.</summary>
public enum ApprovalKind
{
    /// <summary>A person with their mail and their keys.</summary>
    RemovePerson,

    /// <summary>A private key, after which nothing that was encrypted for it opens any more.</summary>
    DestroyKey,

    /// <summary>A copy of the keys that open a person's mail, which nobody can take back.</summary>
    ExportKeys,
}

internal enum ApprovalState
{
    Waiting,
    Given,
    Withdrawn,
    CarriedOut,
}

/// <summary>Asked for by one administrator; done when a second one agrees, or after a day where there is no second one.</summary>
internal sealed class Approval : IOwned
{
    private Approval()
    {
    }

    public Approval(OrganisationId organisation, ApprovalKind kind, Guid subject, AccountId askedBy, DateTimeOffset now, DateTimeOffset? dueAt)
    {
        Id = ApprovalId.New();
        OrganisationId = organisation;
        Kind = kind;
        Subject = subject;
        AskedBy = askedBy;
        AskedAt = now;
        DueAt = dueAt;
    }

    public ApprovalId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public ApprovalKind Kind { get; private set; }

    /// <summary>The id of what it would happen to.</summary>
    public Guid Subject { get; private set; }

    public AccountId AskedBy { get; private set; }

    public DateTimeOffset AskedAt { get; private set; }

    /// <summary>When it is done without a second administrator; none where there is one.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    public ApprovalState State { get; private set; }

    public AccountId? DecidedBy { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }
}

internal sealed class ApprovalMapping : IEntityTypeConfiguration<Approval>
{
    public void Configure(EntityTypeBuilder<Approval> builder)
    {
        builder.ToTable("Approvals");
        builder.HasIndex(one => new { one.OrganisationId, one.State });
    }
}
