using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Work;

internal enum WorkKind
{
    Dispatch,
    OpenArrival,
    FetchMail,
    SignRevocationList,
    CompleteEnrolment,
    WriteCheckpoint,
    RemovePerson,
    MailNewPassword,
    SendScheduled,
    Sweep,
    WatchMail,
    LookAtDomains,
    DestroyKey,
    TellOfRestingKey,
    RenewCertificates,
    RenewFetched,
    GatherForCertificate,
    JudgeAgain,
    JudgeAfterDecision,
    RecheckSignature,
    KeysMayLeave,
    ReissueCertificates,
    IssueCertificates,
    ShareMessage,
    RemindReaders,
    MailReaderLink,
}

/// <summary>Work that some node shall do when it is due; claimed with a lease, and done only under the lease's token.</summary>
internal sealed class WorkItem : IOwned
{
    private WorkItem()
    {
    }

    public WorkItem(OrganisationId organisation, WorkKind kind, Guid subject, DateTimeOffset dueAt, string? traceParent)
    {
        Id = WorkItemId.New();
        OrganisationId = organisation;
        Kind = kind;
        Subject = subject;
        DueAt = dueAt;
        TraceParent = traceParent;
    }

    public WorkItemId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public WorkKind Kind { get; private set; }

    /// <summary>The id of what the work is about.</summary>
    public Guid Subject { get; private set; }

    public DateTimeOffset DueAt { get; private set; }

    public DateTimeOffset? LeasedUntil { get; private set; }

    /// <summary>Counts claims; the fencing token.</summary>
    public long Token { get; private set; }

    /// <summary>Claims since the work last came to an end.</summary>
    public int Attempts { get; private set; }

    /// <summary>The recorded span that the work comes from (W3C Trace Context §3.2); none for what recurs.</summary>
    public string? TraceParent { get; private set; }
}

internal sealed class WorkItemMapping : IEntityTypeConfiguration<WorkItem>
{
    public void Configure(EntityTypeBuilder<WorkItem> builder)
    {
        builder.ToTable("WorkItems");
        builder.Property(one => one.TraceParent).HasMaxLength(55);
        builder.HasIndex(one => new { one.Kind, one.Subject }).IsUnique();
        builder.HasIndex(one => one.DueAt);
        builder.HasIndex(one => one.OrganisationId);
    }
}
