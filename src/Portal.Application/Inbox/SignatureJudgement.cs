using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.Mailboxes;
using Portal.Application.Trust;

namespace Portal.Application.Inbox;

/// <summary>When a received signature was judged and by what, so that it can be judged again when nobody publishes that any more.</summary>
internal sealed class SignatureJudgement : IOwned
{
    private SignatureJudgement()
    {
    }

    public SignatureJudgement(OrganisationId organisation, StoredMessageId message) => (OrganisationId, MessageId) = (organisation, message);

    public StoredMessageId MessageId { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>Of others, that it depends on: trusted, or in want of a decision. Null when it depends on our own.</summary>
    public ForeignAuthorityId? AuthorityId { get; private set; }

    public DateTimeOffset JudgedAt { get; private set; }

    /// <summary>Sealed: <see cref="SignatureEvidence"/>.</summary>
    public byte[] SealedEvidence { get; private set; } = [];

    public void Judge(ForeignAuthorityId? authority, DateTimeOffset at, byte[] evidence) => (AuthorityId, JudgedAt, SealedEvidence) = (authority, at, evidence);
}

/// <summary>A revocation list that a judgement rests on, kept once for all of them.</summary>
internal sealed class EvidenceFile : IOwned
{
    private EvidenceFile()
    {
    }

    public EvidenceFile(OrganisationId organisation, byte[] sha256, byte[] content) => (OrganisationId, Sha256, Content) = (organisation, sha256, content);

    public OrganisationId OrganisationId { get; private set; }

    public byte[] Sha256 { get; private set; } = [];

    public byte[] Content { get; private set; } = [];
}

internal sealed class SignatureJudgementMapping : IEntityTypeConfiguration<SignatureJudgement>
{
    public void Configure(EntityTypeBuilder<SignatureJudgement> builder)
    {
        builder.ToTable("SignatureJudgements");
        builder.HasKey(one => one.MessageId);
        builder.HasOne<StoredMessage>().WithOne().HasForeignKey<SignatureJudgement>(one => one.MessageId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(one => new { one.OrganisationId, one.AuthorityId, one.JudgedAt });
    }
}

internal sealed class EvidenceFileMapping : IEntityTypeConfiguration<EvidenceFile>
{
    public void Configure(EntityTypeBuilder<EvidenceFile> builder)
    {
        builder.ToTable("EvidenceFiles");
        builder.HasKey(one => new { one.OrganisationId, one.Sha256 });
        builder.Property(one => one.Sha256).HasMaxLength(32);
    }
}
