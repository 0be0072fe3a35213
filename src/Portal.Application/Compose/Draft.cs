using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.Mailboxes;
using Portal.Application.Policies;

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

    /// <summary>What its sender was warned of and wants to send all the same: rule and version, one to a word.</summary>
    public string? SendConfirmed { get; private set; }

    public IReadOnlyCollection<ConfirmedWarning> ConfirmedWarnings => (SendConfirmed ?? string.Empty)
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word.Split(':'))
        .Select(word => new ConfirmedWarning(new OutgoingRuleId(Guid.Parse(word[0])), long.Parse(word[1], CultureInfo.InvariantCulture)))
        .ToList();

    public void Schedule(DateTimeOffset at, UnencryptableChoice choice, IEnumerable<ConfirmedWarning> confirmed) =>
        (SendAt, SendChoice, SendConfirmed) = (at, choice, string.Join(' ', confirmed.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Rule}:{one.Version}"))));

    public void Unschedule() => (SendAt, SendChoice, SendConfirmed) = (null, UnencryptableChoice.Ask, null);
}

internal sealed class DraftMapping : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> builder)
    {
        builder.ToTable("Drafts");
        builder.Property(one => one.Version).IsConcurrencyToken();
        builder.Ignore(one => one.ConfirmedWarnings);
        builder.HasIndex(one => new { one.MailboxId, one.SavedAt });
        builder.HasIndex(one => one.OrganisationId);
    }
}
