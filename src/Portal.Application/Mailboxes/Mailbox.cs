using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Mailboxes;

/// <summary>An address and the mail that came to it. Lives here, unless a mail account elsewhere feeds it.</summary>
internal sealed class Mailbox : IOwned
{
    private Mailbox()
    {
    }

    public Mailbox(OrganisationId organisation, AccountId owner, string address, string normalisedAddress, string displayName)
    {
        Id = MailboxId.New();
        OrganisationId = organisation;
        OwnerId = owner;
        Address = address;
        NormalisedAddress = normalisedAddress;
        DisplayName = displayName;
    }

    public MailboxId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public AccountId OwnerId { get; private set; }

    public string Address { get; private set; } = string.Empty;

    public string NormalisedAddress { get; private set; } = string.Empty;

    public string DisplayName { get; private set; } = string.Empty;
}

internal sealed class MailboxMapping : IEntityTypeConfiguration<Mailbox>
{
    public void Configure(EntityTypeBuilder<Mailbox> builder)
    {
        builder.ToTable("Mailboxes");
        builder.Property(one => one.Address).HasMaxLength(320);
        builder.Property(one => one.NormalisedAddress).HasMaxLength(320);
        builder.Property(one => one.DisplayName).HasMaxLength(200);
        builder.HasIndex(one => one.NormalisedAddress).IsUnique();
        builder.HasIndex(one => new { one.OrganisationId, one.OwnerId });
    }
}
