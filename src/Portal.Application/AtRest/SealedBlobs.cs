using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.AtRest;

/// <param name="Id">The blob.</param>
/// <param name="Length">Bytes of plaintext.</param>
/// <param name="Sha256">Of the plaintext.</param>
internal sealed record StoredBlob(BlobId Id, long Length, byte[] Sha256);

/// <param name="Offset">Bytes that are here.</param>
/// <param name="Length">Bytes in all.</param>
/// <param name="IsComplete">Also of an empty one, it has to be written.</param>
internal readonly record struct BlobProgress(long Offset, long Length, bool IsComplete)
{
    public static BlobProgress Of(Blob blob)
    {
        var length = blob.Length ?? throw new InvalidOperationException("The blob is written at once.");
        return new BlobProgress(blob.IsComplete ? length : (long)blob.Pieces * ChunkFormat.PiecePlainLength, length, blob.IsComplete);
    }
}

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
        var blob = new Blob(id, organisation, mailbox, key.SealUnder(mailboxKey, Context(id)), length: null, clock.GetUtcNow());
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

    /// <summary>One whose bytes come later, a part at a time; the caller adds it to a transaction.</summary>
    /// <param name="mailbox">Whose room it takes.</param>
    /// <param name="mailboxKey">That mailbox's.</param>
    /// <param name="organisation">Whose.</param>
    /// <param name="length">Bytes; not one more and not one less.</param>
    public Blob Begin(OrganisationId organisation, MailboxId mailbox, SealingKey mailboxKey, long length)
    {
        using var key = SealingKey.New();
        var id = BlobId.New();
        return new Blob(id, organisation, mailbox, key.SealUnder(mailboxKey, Context(id)), length, clock.GetUtcNow());
    }

    /// <summary>How much of one that was begun is here.</summary>
    public async Task<BlobProgress> ProgressAsync(OrganisationId organisation, BlobId id, CancellationToken cancellationToken) =>
        BlobProgress.Of((await FindAsync(organisation, id, cancellationToken)).Blob);

    /// <summary>Goes on writing one that was begun. A row is kept as soon as it is whole; what a source that breaks off has of the next is not.</summary>
    /// <param name="organisation">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="offset">Where the source goes on: what is here must end there.</param>
    /// <param name="source">Read to the blob's end at most.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How much is here now; somebody else may be writing too, of whom one is first.</returns>
    public async Task<BlobProgress> AppendAsync(OrganisationId organisation, BlobId id, long offset, Stream source, CancellationToken cancellationToken)
    {
        var blob = (await FindAsync(organisation, id, cancellationToken)).Blob;
        var progress = BlobProgress.Of(blob);
        if (offset != progress.Offset || progress.IsComplete)
        {
            return progress;
        }

        using var appender = new BlobAppender(database, blob, await KeyOfAsync(blob, cancellationToken));
        await appender.WriteAsync(source, cancellationToken);
        return await ProgressAsync(organisation, id, cancellationToken);
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
        var length = blob is { IsComplete: true, Length: { } complete } ? complete : throw new CryptographicException("The blob was never completed.");
        return new BlobStream(database, blob.OrganisationId, blob.Id, length, found.First, key);
    }

    private static byte[] Context(BlobId id) => SealedValue.Context("blobs.sealed_key", id.Value);
}
