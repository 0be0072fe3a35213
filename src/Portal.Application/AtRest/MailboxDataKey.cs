using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.AtRest;

/// <summary>A mailbox's key, sealed under its organisation's secret.</summary>
internal sealed class MailboxDataKey : IOwned
{
    private MailboxDataKey()
    {
    }

    public MailboxDataKey(OrganisationId organisation, MailboxId mailbox, byte[] sealedKey)
    {
        OrganisationId = organisation;
        MailboxId = mailbox;
        SealedKey = sealedKey;
    }

    public OrganisationId OrganisationId { get; private set; }

    public MailboxId MailboxId { get; private set; }

    public byte[] SealedKey { get; private set; } = [];
}

internal sealed class MailboxDataKeyMapping : IEntityTypeConfiguration<MailboxDataKey>
{
    public void Configure(EntityTypeBuilder<MailboxDataKey> builder)
    {
        builder.ToTable("MailboxDataKeys");
        builder.HasKey(one => one.MailboxId);
        builder.HasIndex(one => one.OrganisationId);
    }
}
