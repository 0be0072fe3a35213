using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Mailboxes;

public enum FolderKind
{
    Inbox,
    Sent,
    Archive,
    Junk,
    Trash,
}

internal sealed class Folder : IOwned
{
    private Folder()
    {
    }

    public Folder(OrganisationId organisation, MailboxId mailbox, FolderKind kind)
    {
        Id = FolderId.New();
        OrganisationId = organisation;
        MailboxId = mailbox;
        Kind = kind;
    }

    public FolderId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public MailboxId MailboxId { get; private set; }

    public FolderKind Kind { get; private set; }
}

internal sealed class FolderMapping : IEntityTypeConfiguration<Folder>
{
    public void Configure(EntityTypeBuilder<Folder> builder)
    {
        builder.ToTable("Folders");
        builder.HasIndex(one => new { one.MailboxId, one.Kind }).IsUnique();
        builder.HasIndex(one => one.OrganisationId);
    }
}
