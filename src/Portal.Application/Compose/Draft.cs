using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.Mailboxes;

namespace Portal.Application.Compose;

/// <summary>A message being written: everything that was typed is sealed.</summary>
internal sealed class Draft : IOwned
{
    private Draft()
    {
    }

    public Draft(DraftId id, OrganisationId organisation, MailboxId mailbox, byte[] sealedContent, StoredMessageId? answers, DateTimeOffset now)
    {
        Id = id;
        OrganisationId = organisation;
        MailboxId = mailbox;
        SealedContent = sealedContent;
        AnswersId = answers;
        SavedAt = now;
    }

    public DraftId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public MailboxId MailboxId { get; private set; }

    public byte[] SealedContent { get; private set; } = [];

    /// <summary>The message that this one replies to or forwards.</summary>
    public StoredMessageId? AnswersId { get; private set; }

    public DateTimeOffset SavedAt { get; private set; }

    /// <summary>When it is sent by itself; until then nothing of it is changed.</summary>
    public DateTimeOffset? SendAt { get; private set; }

    /// <summary>What was chosen about recipients who cannot be encrypted for.</summary>
    public UnencryptableChoice SendChoice { get; private set; }

    /// <summary>Two open pages must not write over each other unnoticed.</summary>
    public long Version { get; private set; }

    public void Save(byte[] sealedContent, DateTimeOffset now)
    {
        SealedContent = sealedContent;
        SavedAt = now;
    }

    public void Schedule(DateTimeOffset at, UnencryptableChoice choice) => (SendAt, SendChoice) = (at, choice);

    public void Unschedule() => (SendAt, SendChoice) = (null, UnencryptableChoice.Ask);
}

internal sealed class DraftMapping : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> builder)
    {
        builder.ToTable("Drafts");
        builder.Property(one => one.Version).IsConcurrencyToken();
        builder.HasIndex(one => new { one.MailboxId, one.SavedAt });
        builder.HasIndex(one => one.OrganisationId);
    }
}
