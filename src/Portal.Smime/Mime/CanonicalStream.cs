using System.Buffers;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Reads text with every bare LF turned into CRLF: the form that signatures cover (RFC 8551 §3.1.1).</summary>
internal sealed class CanonicalStream(Stream source) : ForwardStream
{
    private const int BufferLength = 32 * 1024;

    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(BufferLength);
    private readonly byte[] _output = ArrayPool<byte>.Shared.Rent(2 * BufferLength);
    private int _start;
    private int _end;
    private bool _afterReturn;
    private bool _disposed;

    /// <summary>A bare LF was met, so that what was read is not what the source holds.</summary>
    public bool Changed { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end)
        {
            var read = await source.ReadAsync(_input.AsMemory(0, BufferLength), cancellationToken);
            Canonicalise(_input.AsSpan(0, read));
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _output.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(_input, clearArray: true);
            ArrayPool<byte>.Shared.Return(_output, clearArray: true);
        }

        base.Dispose(disposing);
    }

    private void Canonicalise(ReadOnlySpan<byte> input)
    {
        (_start, _end) = (0, 0);
        while (input.Length > 0)
        {
            var feed = input.IndexOf((byte)'\n');
            var before = feed < 0 ? input : input[..feed];
            before.CopyTo(_output.AsSpan(_end));
            _end += before.Length;
            var afterReturn = before.Length > 0 ? before[^1] == '\r' : _afterReturn;
            if (feed < 0)
            {
                _afterReturn = afterReturn;
                return;
            }

            if (!afterReturn)
            {
                _output[_end++] = (byte)'\r';
                Changed = true;
            }

            _output[_end++] = (byte)'\n';
            _afterReturn = false;
            input = input[(feed + 1)..];
        }
    }
}
