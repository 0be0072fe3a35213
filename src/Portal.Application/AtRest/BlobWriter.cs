using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.AtRest;

/// <summary>Cuts a stream into sealed chunks and rows. A chunk is sealed when it is known whether it is the last.</summary>
internal sealed class BlobWriter(PortalDatabase database, OrganisationId organisation, BlobId id, SealingKey key) : IDisposable
{
    private readonly AesGcm _cipher = key.ChunkCipher();
    private readonly byte[] _piece = new byte[ChunkFormat.SealedLength * ChunkFormat.ChunksPerPiece];
    private int _used;
    private int _pieces;
    private long _chunks;

    public async Task<(long Length, byte[] Sha256)> WriteAsync(Stream source, long limit, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var current = new byte[ChunkFormat.PlainLength];
        var next = new byte[ChunkFormat.PlainLength];
        try
        {
            var length = 0L;
            var count = await source.ReadAtLeastAsync(current, current.Length, throwOnEndOfStream: false, cancellationToken);
            while (true)
            {
                length += count;
                if (length > limit)
                {
                    throw new BlobTooLongException(limit);
                }

                hash.AppendData(current, 0, count);
                var following = count < current.Length
                    ? 0
                    : await source.ReadAtLeastAsync(next, next.Length, throwOnEndOfStream: false, cancellationToken);
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
            CryptographicOperations.ZeroMemory(current);
            CryptographicOperations.ZeroMemory(next);
        }
    }

    public void Dispose() => _cipher.Dispose();

    private async Task SealAsync(ReadOnlyMemory<byte> plain, bool last, long length, CancellationToken cancellationToken)
    {
        Span<byte> nonce = stackalloc byte[12];
        ChunkFormat.WriteNonce(nonce, _chunks++, last);
        var target = _piece.AsSpan(_used, plain.Length + ChunkFormat.TagLength);
        _cipher.Encrypt(nonce, plain.Span, target[..plain.Length], target[plain.Length..]);
        _used += target.Length;
        if (_used == _piece.Length || last)
        {
            await SaveAsync(last ? length : null, cancellationToken);
        }
    }

    private async Task SaveAsync(long? length, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        db.BlobPieces.Add(new BlobPiece(organisation, id, _pieces++, _piece[.._used]));
        if (length is { } complete)
        {
            var blob = await db.Blobs.SingleAsync(one => one.OrganisationId == organisation && one.Id == id, cancellationToken);
            blob.Complete(complete);
        }

        await db.CommitAsync(cancellationToken);
        _used = 0;
    }
}
