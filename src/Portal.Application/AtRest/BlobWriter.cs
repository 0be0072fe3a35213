using System.Buffers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.AtRest;

/// <summary>Cuts a stream into sealed chunks and rows. A chunk is sealed when it is known whether it is the last.</summary>
/// <param name="database">Where to.</param>
/// <param name="blob">A new row, inserted with its first piece.</param>
/// <param name="key">The blob's own.</param>
internal sealed class BlobWriter(PortalDatabase database, Blob blob, SealingKey key) : IDisposable
{
    private readonly AesGcm _cipher = key.ChunkCipher();
    private readonly byte[] _piece = ArrayPool<byte>.Shared.Rent(ChunkFormat.PieceSealedLength);
    private int _used;
    private int _pieces;
    private long _chunks;

    public async Task<(long Length, byte[] Sha256)> WriteAsync(Stream source, long limit, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var current = ArrayPool<byte>.Shared.Rent(ChunkFormat.PlainLength);
        var next = ArrayPool<byte>.Shared.Rent(ChunkFormat.PlainLength);
        try
        {
            var length = 0L;
            var count = await ReadAsync(source, current, cancellationToken);
            while (true)
            {
                length += count;
                if (length > limit)
                {
                    throw new BlobTooLongException(limit);
                }

                hash.AppendData(current, 0, count);
                var following = count < ChunkFormat.PlainLength ? 0 : await ReadAsync(source, next, cancellationToken);
                await SealAsync(current.AsMemory(0, count), following == 0, length, cancellationToken);
                if (following == 0)
                {
                    return (length, hash.GetHashAndReset());
                }

                (current, next) = (next, current);
                count = following;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(current, clearArray: true);
            ArrayPool<byte>.Shared.Return(next, clearArray: true);
        }
    }

    public void Dispose()
    {
        _cipher.Dispose();
        ArrayPool<byte>.Shared.Return(_piece);
    }

    private static ValueTask<int> ReadAsync(Stream source, byte[] chunk, CancellationToken cancellationToken) => source.ReadAtLeastAsync(
        chunk.AsMemory(0, ChunkFormat.PlainLength), ChunkFormat.PlainLength, throwOnEndOfStream: false, cancellationToken);

    private async Task SealAsync(ReadOnlyMemory<byte> plain, bool last, long length, CancellationToken cancellationToken)
    {
        Span<byte> nonce = stackalloc byte[12];
        ChunkFormat.WriteNonce(nonce, _chunks++, last);
        var target = _piece.AsSpan(_used, plain.Length + ChunkFormat.TagLength);
        _cipher.Encrypt(nonce, plain.Span, target[..plain.Length], target[plain.Length..]);
        _used += target.Length;
        if (_used == ChunkFormat.PieceSealedLength || last)
        {
            await SaveAsync(last ? length : null, cancellationToken);
        }
    }

    private async Task SaveAsync(long? length, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(blob.OrganisationId, cancellationToken);
        var row = _pieces == 0
            ? db.Blobs.Add(blob).Entity
            : await db.Blobs.SingleAsync(one => one.OrganisationId == blob.OrganisationId && one.Id == blob.Id, cancellationToken);
        db.BlobPieces.Add(new BlobPiece(blob.OrganisationId, blob.Id, _pieces++, _piece[.._used]));
        if (length is { } complete)
        {
            row.Complete(complete);
        }

        await db.CommitAsync(cancellationToken);
        _used = 0;
    }
}
