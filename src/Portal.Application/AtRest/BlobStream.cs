using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.AtRest;

/// <summary>A sealed blob as a stream: keeps one row and one opened chunk; reads only asynchronously.</summary>
[SuppressMessage("Performance", "CA1844", Justification = "The memory overload is the one that is overridden; the array one leads to it.")]
internal sealed class BlobStream(PortalDatabase database, OrganisationId organisation, BlobId id, long length, byte[]? first, SealingKey key) : Stream
{
    private readonly AesGcm _cipher = key.ChunkCipher();
    private readonly byte[] _plain = new byte[Math.Min(ChunkFormat.PlainLength, length)];
    private byte[] _piece = first ?? [];
    private int _pieceIndex = first is null ? -1 : 0;
    private long _chunk = -1;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <exception cref="CryptographicException">The stored bytes are not what was written.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        var chunk = _position / ChunkFormat.PlainLength;
        if (chunk != _chunk)
        {
            await LoadAsync(chunk, cancellationToken);
        }

        var offset = (int)(_position % ChunkFormat.PlainLength);
        var count = (int)Math.Min(Math.Min(buffer.Length, ChunkFormat.PlainLength - offset), length - _position);
        _plain.AsSpan(offset, count).CopyTo(buffer.Span);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A blob is read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return _position = target;
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CryptographicOperations.ZeroMemory(_plain);
            _cipher.Dispose();
            key.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task LoadAsync(long chunk, CancellationToken cancellationToken)
    {
        var pieceIndex = (int)(chunk / ChunkFormat.ChunksPerPiece);
        if (pieceIndex != _pieceIndex)
        {
            await using var db = await database.ReadAsync(organisation, cancellationToken);
            _piece = await db.BlobPieces
                .Where(one => one.OrganisationId == organisation && one.BlobId == id && one.Index == pieceIndex)
                .Select(one => one.Bytes)
                .SingleOrDefaultAsync(cancellationToken) ?? throw new CryptographicException("A piece of the blob is missing.");
            _pieceIndex = pieceIndex;
        }

        // A chunk that does not open leaves nothing behind that a later read could take for another chunk.
        _chunk = -1;
        Open(chunk);
        _chunk = chunk;
    }

    private void Open(long chunk)
    {
        var last = chunk == ChunkFormat.LastChunk(length);
        var plainLength = last ? (int)(length - (chunk * ChunkFormat.PlainLength)) : ChunkFormat.PlainLength;
        var offset = (int)(chunk % ChunkFormat.ChunksPerPiece) * ChunkFormat.SealedLength;
        if (_piece.Length < offset + plainLength + ChunkFormat.TagLength)
        {
            throw new CryptographicException("A piece of the blob is too short.");
        }

        Span<byte> nonce = stackalloc byte[12];
        ChunkFormat.WriteNonce(nonce, chunk, last);
        var stored = _piece.AsSpan(offset, plainLength + ChunkFormat.TagLength);
        _cipher.Decrypt(nonce, stored[..plainLength], stored[plainLength..], _plain.AsSpan(0, plainLength));
    }
}
