using System.Buffers;
using System.Buffers.Text;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Decodes base64 while reading. Strangers are skipped and padding is the end (RFC 2045 §6.8), so that a line which a list adds below does no harm.</summary>
/// <remarks>For what says itself where it ends, as BER does: characters that make no octet are not missed.</remarks>
internal sealed class Base64DecodingStream(Stream source) : ForwardStream
{
    private const int BufferLength = 64 * 1024;
    private const byte Padding = (byte)'=';
    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    private readonly byte[] _raw = ArrayPool<byte>.Shared.Rent(BufferLength);
    private readonly byte[] _text = ArrayPool<byte>.Shared.Rent(BufferLength + 4);
    private int _pending;
    private int _textCount;
    private int _decodedStart;
    private int _decodedEnd;
    private bool _ended;
    private bool _disposed;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_decodedStart == _decodedEnd && !_ended)
        {
            await DecodeMoreAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _decodedEnd - _decodedStart);
        _text.AsSpan(_decodedStart, count).CopyTo(buffer.Span);
        _decodedStart += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(_raw);
            ArrayPool<byte>.Shared.Return(_text, clearArray: true);
        }

        base.Dispose(disposing);
    }

    private async ValueTask DecodeMoreAsync(CancellationToken cancellationToken)
    {
        // Up to three characters of an unfinished quantum wait behind what was decoded in place.
        _text.AsSpan(_pending, _textCount).CopyTo(_text);
        var read = await source.ReadAsync(_raw.AsMemory(0, BufferLength), cancellationToken);
        _ended = Gather(_raw.AsSpan(0, read)) || read == 0;
        for (; _ended && _textCount % 4 > 1; _textCount++)
        {
            _text[_textCount] = Padding;
        }

        var whole = _textCount & ~3;
        if (Base64.DecodeFromUtf8InPlace(_text.AsSpan(0, whole), out var written) != OperationStatus.Done)
        {
            throw UnreadableException.Malformed("base64");
        }

        _pending = whole;
        _textCount -= whole;
        (_decodedStart, _decodedEnd) = (0, written);
    }

    /// <returns>Whether this was the end.</returns>
    private bool Gather(ReadOnlySpan<byte> raw)
    {
        while (!raw.IsEmpty)
        {
            var stranger = raw.IndexOfAnyExcept(Alphabet);
            var run = stranger < 0 ? raw : raw[..stranger];
            run.CopyTo(_text.AsSpan(_textCount));
            _textCount += run.Length;
            if (stranger >= 0 && raw[stranger] == Padding)
            {
                return true;
            }

            raw = raw[Math.Min(run.Length + 1, raw.Length)..];
        }

        return false;
    }
}
