using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.AtRest;

/// <param name="Id">The blob.</param>
/// <param name="Length">Bytes of plaintext.</param>
/// <param name="Sha256">Of the plaintext.</param>
internal sealed record StoredBlob(BlobId Id, long Length, byte[] Sha256);

/// <param name="Blob">The row.</param>
/// <param name="First">Its first piece, fetched along: most blobs have one, and nearly all are read from their beginning.</param>
internal sealed record FoundBlob(Blob Blob, byte[]? First);

/// <summary>Thrown when a source is longer than it may be; what was written of it is gone.</summary>
internal sealed class BlobTooLongException(long limit) : Exception("The content is longer than allowed.")
{
    public long Limit => limit;
}

/// <summary>Every stored byte of mail.</summary>
internal sealed class SealedBlobs(PortalDatabase database, DataKeys keys, TimeProvider clock)
{
    /// <summary>Streams; each row is a transaction of its own, so a blob that nothing refers to yet may outlive a crash, sealed.</summary>
    /// <exception cref="BlobTooLongException">More than <paramref name="limit"/> bytes.</exception>
    public async Task<StoredBlob> WriteAsync(
        OrganisationId organisation, MailboxId mailbox, Stream source, long limit, CancellationToken cancellationToken)
    {
        using var mailboxKey = await keys.OfMailboxAsync(organisation, mailbox, cancellationToken);
        using var key = SealingKey.New();
        var id = BlobId.New();
        var blob = new Blob(id, organisation, mailbox, key.SealUnder(mailboxKey, Context(id)), clock.GetUtcNow());
        try
        {
            using var writer = new BlobWriter(database, blob, key);
            var (length, sha256) = await writer.WriteAsync(source, limit, cancellationToken);
            return new StoredBlob(id, length, sha256);
        }
        catch
        {
            await DeleteAsync(organisation, id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Seekable; rows are fetched as they are read.</summary>
    public async Task<Stream> OpenAsync(OrganisationId organisation, BlobId id, CancellationToken cancellationToken) =>
        await OpenAsync(await FindAsync(organisation, id, cancellationToken), cancellationToken);

    public async Task<Stream> OpenAsync(FoundBlob found, CancellationToken cancellationToken) => Open(found, await KeyOfAsync(found.Blob, cancellationToken));

    /// <summary>By its own key, for whoever was given that and nothing above it.</summary>
    public async Task<Stream> OpenAsync(OrganisationId organisation, BlobId id, SealingKey key, CancellationToken cancellationToken) =>
        Open(await FindAsync(organisation, id, cancellationToken), key.Copy());

    /// <summary>To be given to whoever shall read this blob and no other.</summary>
    public async Task<SealingKey> KeyOfAsync(OrganisationId organisation, BlobId id, CancellationToken cancellationToken) =>
        await KeyOfAsync((await FindAsync(organisation, id, cancellationToken)).Blob, cancellationToken);

    public async Task DeleteAsync(OrganisationId organisation, BlobId id, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        await db.Blobs.Where(one => one.OrganisationId == organisation && one.Id == id).ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private async Task<FoundBlob> FindAsync(OrganisationId organisation, BlobId id, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        var row = await db.Blobs
            .Where(one => one.OrganisationId == organisation && one.Id == id)
            .Select(one => new
            {
                Blob = one,
                First = db.BlobPieces.Where(piece => piece.OrganisationId == organisation && piece.BlobId == id && piece.Index == 0).Select(piece => piece.Bytes).FirstOrDefault(),
            })
            .SingleAsync(cancellationToken);
        return new FoundBlob(row.Blob, row.First);
    }

    private async Task<SealingKey> KeyOfAsync(Blob blob, CancellationToken cancellationToken)
    {
        using var mailboxKey = await keys.OfMailboxAsync(blob.OrganisationId, blob.MailboxId, cancellationToken);
        return SealingKey.OpenUnder(mailboxKey, blob.SealedKey, Context(blob.Id));
    }

    private BlobStream Open(FoundBlob found, SealingKey key)
    {
        var blob = found.Blob;
        var length = blob.Length ?? throw new CryptographicException("The blob was never completed.");
        return new BlobStream(database, blob.OrganisationId, blob.Id, length, found.First, key);
    }

    private static byte[] Context(BlobId id) => SealedValue.Context("blobs.sealed_key", id.Value);
}
