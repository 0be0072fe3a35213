using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.AtRest;

/// <summary>Sealed bytes of one mailbox; written once, then only read or deleted.</summary>
internal sealed class Blob : IOwned
{
    private Blob()
    {
    }

    /// <param name="id">Its own.</param>
    /// <param name="organisation">Whose.</param>
    /// <param name="mailbox">Whose room it takes.</param>
    /// <param name="sealedKey">Its own key.</param>
    /// <param name="length">Where it is known before the bytes are here: they take their room from the beginning.</param>
    /// <param name="now">When it is begun.</param>
    public Blob(BlobId id, OrganisationId organisation, MailboxId mailbox, byte[] sealedKey, long? length, DateTimeOffset now)
    {
        Id = id;
        OrganisationId = organisation;
        MailboxId = mailbox;
        SealedKey = sealedKey;
        Length = length;
        CreatedAt = now;
    }

    public BlobId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public MailboxId MailboxId { get; private set; }

    /// <summary>The blob's own key, sealed under the mailbox's.</summary>
    public byte[] SealedKey { get; private set; } = [];

    /// <summary>Bytes of plaintext; null while it is being written, unless it was known before.</summary>
    public long? Length { get; private set; }

    /// <summary>Rows that are here of one that is written a part at a time.</summary>
    public int Pieces { get; private set; }

    public bool IsComplete { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public void Complete(long length) => (Length, IsComplete) = (length, true);
}

internal sealed class BlobMapping : IEntityTypeConfiguration<Blob>
{
    public void Configure(EntityTypeBuilder<Blob> builder)
    {
        builder.ToTable("Blobs");
        // With the length, so that sums are read from the index alone.
        builder.HasIndex(one => new { one.OrganisationId, one.MailboxId, one.Length });
        builder.HasIndex(one => new { one.OrganisationId, one.CreatedAt, one.Id });
    }
}
