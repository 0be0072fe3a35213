using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Audit;

/// <summary>One link of an organisation's chain; the application's role may add rows and read them, nothing else.</summary>
internal sealed class AuditEntry : IOwned
{
    private AuditEntry()
    {
    }

    public AuditEntry(AuditChain chain, AuditEvent auditEvent, DateTimeOffset now)
    {
        OrganisationId = chain.OrganisationId;
        Sequence = chain.LastSequence + 1;
        AtMicroseconds = now.ToUnixTimeMilliseconds() * 1000;
        Actor = auditEvent.ActorName;
        Action = auditEvent.Action;
        Subject = auditEvent.Subject;
        Detail = auditEvent.DetailJson;
        PreviousHash = chain.LastHash;
        Hash = AuditHash.Of(
            OrganisationId, Sequence, AtMicroseconds, Actor, Action.ToString(), Subject?.ToString("N") ?? string.Empty, Detail, PreviousHash);
    }

    public OrganisationId OrganisationId { get; private set; }

    public long Sequence { get; private set; }

    /// <summary>Since 1970-01-01, UTC. A number, so that what is hashed is what any database gives back.</summary>
    public long AtMicroseconds { get; private set; }

    public string Actor { get; private set; } = string.Empty;

    public AuditAction Action { get; private set; }

    public Guid? Subject { get; private set; }

    public string Detail { get; private set; } = string.Empty;

    public byte[] PreviousHash { get; private set; } = [];

    public byte[] Hash { get; private set; } = [];
}

internal sealed class AuditEntryMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("AuditEntries");
        builder.HasKey(one => new { one.OrganisationId, one.Sequence });
        builder.HasOne<AuditChain>().WithMany().HasForeignKey(one => one.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(one => one.Actor).HasMaxLength(100);
        builder.Property(one => one.Detail).HasMaxLength(8000);
        builder.Property(one => one.PreviousHash).HasMaxLength(32);
        builder.Property(one => one.Hash).HasMaxLength(32);
    }
}
