using System.Buffers;
using System.Buffers.Text;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Decodes base64 (RFC 2045 §6.8) while reading. White space is skipped; any other stranger ends in <see cref="UnreadableException"/>.</summary>
internal sealed class Base64DecodingStream(Stream source) : ForwardStream
{
    private const int BufferLength = 64 * 1024;
    private const byte Padding = (byte)'=';
    private static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\n"u8);

    private readonly byte[] _raw = ArrayPool<byte>.Shared.Rent(BufferLength);
    private readonly byte[] _text = ArrayPool<byte>.Shared.Rent(BufferLength + 4);
    private int _pending;
    private int _textCount;
    private int _decodedStart;
    private int _decodedEnd;
    private bool _padded;
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
        _ended = read == 0;
        Gather(_raw.AsSpan(0, read));
        var whole = _textCount & ~3;
        if (_ended && whole != _textCount)
        {
            throw UnreadableException.Malformed("base64");
        }

        if (Base64.DecodeFromUtf8InPlace(_text.AsSpan(0, whole), out var written) != OperationStatus.Done)
        {
            throw UnreadableException.Malformed("base64");
        }

        _pending = whole;
        _textCount -= whole;
        (_decodedStart, _decodedEnd) = (0, written);
    }

    private void Gather(ReadOnlySpan<byte> raw)
    {
        while (true)
        {
            var begin = raw.IndexOfAnyExcept(White);
            if (begin < 0)
            {
                return;
            }

            raw = raw[begin..];
            var end = raw.IndexOfAny(White);
            var run = end < 0 ? raw : raw[..end];
            Append(run);
            raw = raw[run.Length..];
        }
    }

    // Nothing but padding may follow padding: two concatenated encodings are not one.
    private void Append(ReadOnlySpan<byte> run)
    {
        var padding = run.IndexOf(Padding);
        if ((_padded && padding != 0) || (padding >= 0 && run[padding..].ContainsAnyExcept(Padding)))
        {
            throw UnreadableException.Malformed("base64");
        }

        _padded |= padding >= 0;
        run.CopyTo(_text.AsSpan(_textCount));
        _textCount += run.Length;
    }
}
