using System.Buffers;

namespace Portal.Smime.Mime;

/// <summary>Walks over the lines of a stream without holding more than 128 KB. LF ends a line, CR before it belongs to the ending.</summary>
internal sealed class LineScanner(Stream source) : IDisposable
{
    private const int BufferLength = 128 * 1024;
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private int _start;
    private int _end;
    private int _lineStart;
    private bool _sourceEnded;

    /// <summary>Where the line begins in the source, given that the source stood at 0.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes of the line, ending included.</summary>
    public long Length { get; private set; }

    /// <summary>2 for CRLF, 1 for LF, 0 for the last line without an ending.</summary>
    public int EndingLength { get; private set; }

    /// <summary>Where the next line begins.</summary>
    public long NextOffset => Offset + Length;

    /// <summary>The line without its ending; of a line longer than the buffer only the beginning.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, LineLength);

    private int LineLength { get; set; }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);

    /// <returns>False at the end.</returns>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        Offset += Length;
        while (true)
        {
            var ending = _buffer.AsSpan(_start, _end - _start).IndexOf(LineFeed);
            if (ending >= 0)
            {
                return Found(ending, ending + 1);
            }

            if (_sourceEnded)
            {
                return _end > _start ? Found(_end - _start, _end - _start) : NothingMore();
            }

            if (_start == 0 && _end == _buffer.Length)
            {
                return await SkipLongLineAsync(cancellationToken);
            }

            await FillAsync(cancellationToken);
        }
    }

    private bool Found(int content, int whole)
    {
        var hasReturn = whole > content && content > 0 && _buffer[_start + content - 1] == CarriageReturn;
        EndingLength = whole - content + (hasReturn ? 1 : 0);
        LineLength = content - (hasReturn ? 1 : 0);
        Length = whole;
        _lineStart = _start;
        _start += whole;
        return true;
    }

    private bool NothingMore()
    {
        Length = 0;
        LineLength = 0;
        EndingLength = 0;
        return false;
    }

    // The first half of the buffer stays as the line's beginning; the rest is read over.
    private async ValueTask<bool> SkipLongLineAsync(CancellationToken cancellationToken)
    {
        var kept = _buffer.Length / 2;
        long length = kept;
        var last = _buffer[kept - 1];
        var (from, to) = (kept, _end);
        while (true)
        {
            var ending = _buffer.AsSpan(from, to - from).IndexOf(LineFeed);
            if (ending >= 0)
            {
                last = ending > 0 ? _buffer[from + ending - 1] : last;
                EndingLength = last == CarriageReturn ? 2 : 1;
                return FoundLong(kept, length + ending + 1, from + ending + 1, to);
            }

            length += to - from;
            last = to > from ? _buffer[to - 1] : last;
            var read = await source.ReadAsync(_buffer.AsMemory(kept, _buffer.Length - kept), cancellationToken);
            if (read == 0)
            {
                _sourceEnded = true;
                EndingLength = 0;
                return FoundLong(kept, length, kept, kept);
            }

            (from, to) = (kept, kept + read);
        }
    }

    private bool FoundLong(int kept, long length, int next, int end)
    {
        Length = length;
        _lineStart = 0;
        LineLength = kept;
        _start = next;
        _end = end;
        return true;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _sourceEnded = read == 0;
    }
}
