using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.SecureLinks;

/// <summary>That a reader opened a message in one session, how they were identified, and what that session reads it with. It outlives the session.</summary>
internal sealed class LinkOpening : IOwned
{
    private LinkOpening()
    {
    }

    public LinkOpening(SecureLink link, ReaderSessionId session, ReaderProof proof, DateTimeOffset now)
    {
        OrganisationId = link.OrganisationId;
        LinkId = link.Id;
        SessionId = session;
        Proof = proof;
        OpenedAt = now;
    }

    public OrganisationId OrganisationId { get; private set; }

    public SecureLinkId LinkId { get; private set; }

    public ReaderSessionId SessionId { get; private set; }

    /// <summary>The content's key, under what only the session's cookie holds: it is worth nothing to whoever has the database alone.</summary>
    public byte[]? SealedKey { get; private set; }

    /// <summary>By what they had shown who they are.</summary>
    public ReaderProof Proof { get; private set; }

    public DateTimeOffset OpenedAt { get; private set; }

    /// <summary>Of attachments, or of the whole.</summary>
    public int Downloads { get; private set; }

    public void Hold(byte[] sealedKey) => SealedKey = sealedKey;
}

internal sealed class LinkOpeningMapping : IEntityTypeConfiguration<LinkOpening>
{
    public void Configure(EntityTypeBuilder<LinkOpening> builder)
    {
        builder.ToTable("LinkOpenings");
        builder.HasKey(one => new { one.LinkId, one.SessionId });
        builder.HasOne<SecureLink>().WithMany().HasForeignKey(one => one.LinkId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(one => one.SessionId);
        builder.HasIndex(one => one.OrganisationId);
    }
}
