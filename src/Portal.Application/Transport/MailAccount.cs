using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Transport;

/// <summary>Where a mailbox's mail is fetched and handed in: servers and credentials are sealed.</summary>
internal sealed class MailAccount : IOwned
{
    private MailAccount()
    {
    }

    public MailAccount(OrganisationId organisation, MailboxId mailbox, byte[] sealedSettings)
    {
        Id = MailAccountId.New();
        OrganisationId = organisation;
        MailboxId = mailbox;
        SealedSettings = sealedSettings;
    }

    public MailAccountId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public MailboxId MailboxId { get; private set; }

    /// <summary>Sealed: hosts, ports, user name, password or tokens.</summary>
    public byte[] SealedSettings { get; private set; } = [];

    public long? UidValidity { get; private set; }

    /// <summary>The highest UID whose message is stored.</summary>
    public long LastUid { get; private set; }

    public DateTimeOffset? LastFetchAt { get; private set; }

    /// <summary>Sealed: why the last fetch failed, in words.</summary>
    public byte[]? SealedProblem { get; private set; }

    public void Configure(byte[] sealedSettings)
    {
        SealedSettings = sealedSettings;
        UidValidity = null;
        LastUid = 0;
        SealedProblem = null;
    }

    /// <summary>The same account, with a new secret.</summary>
    public void Reseal(byte[] sealedSettings) => SealedSettings = sealedSettings;

    public void Enter(long uidValidity)
    {
        if (UidValidity != uidValidity)
        {
            UidValidity = uidValidity;
            LastUid = 0;
        }
    }

    public void Reach(long uid) => LastUid = Math.Max(LastUid, uid);

    public void Fetched(DateTimeOffset now)
    {
        LastFetchAt = now;
        SealedProblem = null;
    }

    public void Fail(byte[] sealedProblem) => SealedProblem = sealedProblem;
}

internal sealed class MailAccountMapping : IEntityTypeConfiguration<MailAccount>
{
    public void Configure(EntityTypeBuilder<MailAccount> builder)
    {
        builder.ToTable("MailAccounts");
        builder.HasIndex(one => one.MailboxId).IsUnique();
        builder.HasIndex(one => one.OrganisationId);
    }
}
