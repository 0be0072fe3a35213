using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.Outbox;

namespace Portal.Application.SecureLinks;

/// <summary>One recipient of a message that rests here. When it is ready, their key opens the message's.</summary>
internal sealed class SecureLink : IOwned
{
    public const int MostPhraseTries = 5;
    public static readonly TimeSpan SentAgainGap = TimeSpan.FromMinutes(10);
    private const string AddressColumn = "secure_links.sealed_address";

    private SecureLink()
    {
    }

    /// <param name="message">To what.</param>
    /// <param name="address">Whose.</param>
    /// <param name="mailbox">The sender's key.</param>
    /// <param name="isGroup">Several people read that address.</param>
    public SecureLink(SecureMessage message, string address, SealingKey mailbox, bool isGroup = false)
    {
        Id = SecureLinkId.New();
        OrganisationId = message.OrganisationId;
        MessageId = message.Id;
        SealedAddress = mailbox.SealText(address, AddressColumn, Id.Value);
        CreatedAt = message.CreatedAt;
        IsGroup = isGroup;
    }

    public SecureLinkId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public SecureMessageId MessageId { get; private set; }

    /// <summary>As the sender wrote it; under their mailbox's key.</summary>
    public byte[] SealedAddress { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Several people read the address: it opens nothing, and leads each of them to a link of their own.</summary>
    public bool IsGroup { get; private set; }

    /// <summary>The group's, of a person who read by it.</summary>
    public SecureLinkId? GroupId { get; private set; }

    public ReaderId? ReaderId { get; private set; }

    /// <summary>Of what stands in the notice; the token itself is derived, and kept nowhere.</summary>
    public byte[]? TokenSha256 { get; private set; }

    /// <summary>The key of the message's content, for the reader's key.</summary>
    public byte[]? WrappedKey { get; private set; }

    /// <summary>By which mail the reader heard of it.</summary>
    public OutboxMessageId? NoticeId { get; private set; }

    /// <summary>When that was; a reminder counts too.</summary>
    public DateTimeOffset? NoticedAt { get; private set; }

    public DateTimeOffset? ReadyAt { get; private set; }

    public DateTimeOffset? FirstOpenedAt { get; private set; }

    public DateTimeOffset? LastOpenedAt { get; private set; }

    public int Openings { get; private set; }

    /// <summary>With a wrong phrase, since it was opened or let try again.</summary>
    public int PhraseTries { get; private set; }

    public string Address(SealingKey mailbox) => mailbox.OpenText(SealedAddress, AddressColumn, Id.Value);

    public void Share(Reader reader, byte[] tokenSha256, byte[] wrappedKey, OutboxMessageId notice, DateTimeOffset now) =>
        (ReaderId, TokenSha256, WrappedKey, NoticeId, NoticedAt, ReadyAt) = (reader.Id, tokenSha256, wrappedKey, notice, now, now);

    public void BeGroup() => IsGroup = true;

    /// <summary>Of somebody who reads a group's mail, and has said who they are: there is no notice.</summary>
    public void Grant(SecureLink group, Reader person, byte[] tokenSha256, byte[] wrappedKey, DateTimeOffset now) =>
        (GroupId, ReaderId, TokenSha256, WrappedKey, ReadyAt) = (group.Id, person.Id, tokenSha256, wrappedKey, now);

    /// <summary>Of its author: there is no notice, and nothing to prove to oneself.</summary>
    public void Keep(Reader author, byte[]? wrappedKey, DateTimeOffset now) =>
        (ReaderId, WrappedKey, ReadyAt, FirstOpenedAt, LastOpenedAt) = (author.Id, wrappedKey, now, now, now);

    public bool MayBeReminded(DateTimeOffset now) => FirstOpenedAt is null && WrappedKey is not null && NoticedAt <= now - LinkControl.ReminderGap;

    public bool MayBeSentAgain(DateTimeOffset now) => WrappedKey is not null && NoticedAt <= now - SentAgainGap;

    public void LetTryAgain() => PhraseTries = 0;

    public void Remind(OutboxMessageId notice, DateTimeOffset now) => (NoticeId, NoticedAt) = (notice, now);
}

internal sealed class SecureLinkMapping : IEntityTypeConfiguration<SecureLink>
{
    public void Configure(EntityTypeBuilder<SecureLink> builder)
    {
        builder.ToTable("SecureLinks");
        builder.HasOne<SecureMessage>().WithMany().HasForeignKey(one => one.MessageId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Reader>().WithMany().HasForeignKey(one => one.ReaderId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.TokenSha256).HasMaxLength(32);
        builder.HasIndex(one => one.TokenSha256).IsUnique();
        builder.HasOne<SecureLink>().WithMany().HasForeignKey(one => one.GroupId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(one => one.MessageId);
        builder.HasIndex(one => one.GroupId);
        builder.HasIndex(one => new { one.OrganisationId, one.ReaderId, one.ReadyAt });
    }
}
