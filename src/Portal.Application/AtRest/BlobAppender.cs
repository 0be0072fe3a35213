using System.Buffers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.AtRest;

/// <summary>
/// Writes a blob of known length where an earlier writer stopped. A row is claimed before its chunks are sealed: of two writers
/// one stops, so that no nonce is used for two contents.
/// </summary>
/// <param name="database">Where to.</param>
/// <param name="blob">A row whose bytes are not all here.</param>
/// <param name="key">Its own; owned.</param>
internal sealed class BlobAppender(PortalDatabase database, Blob blob, SealingKey key) : IDisposable
{
    private readonly AesGcm _cipher = key.ChunkCipher();
    private readonly byte[] _plain = ArrayPool<byte>.Shared.Rent(ChunkFormat.PiecePlainLength);
    private readonly byte[] _sealed = ArrayPool<byte>.Shared.Rent(ChunkFormat.PieceSealedLength);

    public async Task WriteAsync(Stream source, CancellationToken cancellationToken)
    {
        var length = BlobProgress.Of(blob).Length;
        for (var piece = blob.Pieces; ; piece++)
        {
            var position = (long)piece * ChunkFormat.PiecePlainLength;
            var expected = (int)Math.Min(ChunkFormat.PiecePlainLength, length - position);
            var count = await source.ReadAtLeastAsync(_plain.AsMemory(0, expected), expected, throwOnEndOfStream: false, cancellationToken);
            var isLast = position + expected == length;
            if (count < expected || !await SaveAsync(piece, count, isLast, cancellationToken) || isLast)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_plain, clearArray: true);
        ArrayPool<byte>.Shared.Return(_sealed);
        _cipher.Dispose();
        key.Dispose();
    }

    /// <returns>False when somebody else has written it meanwhile.</returns>
    private async Task<bool> SaveAsync(int piece, int count, bool isLast, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(blob.OrganisationId, cancellationToken);
        var claimed = await db.Blobs
            .Where(one => one.OrganisationId == blob.OrganisationId && one.Id == blob.Id && one.Pieces == piece && !one.IsComplete)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.Pieces, piece + 1).SetProperty(one => one.IsComplete, isLast), cancellationToken);
        if (claimed == 0)
        {
            return false;
        }

        db.BlobPieces.Add(new BlobPiece(blob.OrganisationId, blob.Id, piece, Seal(piece, count, isLast)));
        await db.CommitAsync(cancellationToken);
        return true;
    }

    private byte[] Seal(int piece, int count, bool isLast)
    {
        Span<byte> nonce = stackalloc byte[12];
        var (taken, used) = (0, 0);
        do
        {
            var plain = _plain.AsSpan(taken, Math.Min(ChunkFormat.PlainLength, count - taken));
            var target = _sealed.AsSpan(used, plain.Length + ChunkFormat.TagLength);
            ChunkFormat.WriteNonce(nonce, ((long)piece * ChunkFormat.ChunksPerPiece) + (taken / ChunkFormat.PlainLength), isLast && taken + plain.Length == count);
            _cipher.Encrypt(nonce, plain, target[..plain.Length], target[plain.Length..]);
            (taken, used) = (taken + plain.Length, used + target.Length);
        }
        while (taken < count);

        return _sealed[..used];
    }
}
