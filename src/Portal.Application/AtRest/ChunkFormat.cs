using System.Buffers.Binary;

namespace Portal.Application.AtRest;

/// <summary>
/// STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): 64 KB chunks under one key, the nonce counts them and marks the
/// last, so that chunks can be read alone and none is dropped, moved or appended unnoticed.
/// </summary>
internal static class ChunkFormat
{
    public const int PlainLength = 64 * 1024;
    public const int TagLength = 16;
    public const int SealedLength = PlainLength + TagLength;

    /// <summary>Whole chunks in a row of at most 1 MB.</summary>
    public const int ChunksPerPiece = 15;

    /// <summary>Plaintext in a row, but for the last.</summary>
    public const int PiecePlainLength = PlainLength * ChunksPerPiece;

    /// <summary>A full row.</summary>
    public const int PieceSealedLength = SealedLength * ChunksPerPiece;

    private const int NonceLength = 12;

    /// <summary>A blob has its own key, so the nonce needs no random part.</summary>
    public static void WriteNonce(Span<byte> nonce, long chunk, bool last)
    {
        nonce[..NonceLength].Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], chunk);
        nonce[NonceLength - 1] = last ? (byte)1 : (byte)0;
    }

    /// <summary>An empty blob is one empty last chunk.</summary>
    public static long LastChunk(long length) => length == 0 ? 0 : (length - 1) / PlainLength;
}
