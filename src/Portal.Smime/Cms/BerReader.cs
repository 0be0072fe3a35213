using System.Buffers;

namespace Portal.Smime.Cms;

/// <summary>Pulls BER from a stream: enters what is large, hands out whole what is small. Every length is held against the element around it.</summary>
/// <param name="source">Read forward only; stays open.</param>
/// <param name="elementLimit">Bytes of any element that is handed out whole.</param>
internal sealed class BerReader(Stream source, int elementLimit) : IDisposable
{
    private const int DeepestNesting = 64;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private readonly Stack<Frame> _frames = new(8);
    private int _start;
    private int _count;
    private long _position;

    private long Limit => _frames.Count == 0 ? long.MaxValue : _frames.Peek().Limit;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);

    /// <summary>The next element's header, not consumed.</summary>
    public async ValueTask<BerHeader> PeekAsync(CancellationToken cancellationToken)
    {
        await FillAsync(BerHeader.LongestSize, cancellationToken);
        var available = (int)Math.Min(_count, Limit - _position);
        var header = BerHeader.Parse(_buffer.AsSpan(_start, Math.Max(0, available)));
        return header.Size + Math.Max(0, header.Length) <= Limit - _position
            ? header
            : throw UnreadableException.Malformed("BER length");
    }

    /// <summary>Whether the element that was entered last has nothing more.</summary>
    public async ValueTask<bool> AtEndAsync(CancellationToken cancellationToken)
    {
        if (_frames.TryPeek(out var frame) && !frame.IsIndefinite)
        {
            return _position == frame.Limit;
        }

        return (await PeekAsync(cancellationToken)).IsEndOfContents;
    }

    /// <summary>Whether nothing follows, outside of any element.</summary>
    public async ValueTask<bool> IsAtEndAsync(CancellationToken cancellationToken)
    {
        await FillAsync(1, cancellationToken);
        return _count == 0;
    }

    public async ValueTask<bool> NextIsAsync(byte tag, CancellationToken cancellationToken) =>
        !await AtEndAsync(cancellationToken) && (await PeekAsync(cancellationToken)).Tag == tag;

    public async ValueTask EnterAsync(byte tag, string name, CancellationToken cancellationToken)
    {
        var header = await PeekAsync(cancellationToken);
        if (header.Tag != tag || !header.IsConstructed)
        {
            throw UnreadableException.Malformed(name);
        }

        Enter(header);
    }

    /// <summary>Leaves the element that was entered last, which has to be read to its end.</summary>
    public async ValueTask LeaveAsync(string name, CancellationToken cancellationToken)
    {
        if (!await AtEndAsync(cancellationToken))
        {
            throw UnreadableException.Malformed(name);
        }

        if (_frames.Pop().IsIndefinite)
        {
            Consume(2);
        }
    }

    /// <summary>The next element, header included, whatever form its length has.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadElementAsync(string name, CancellationToken cancellationToken)
    {
        // A length is a claim: no more is taken at once than is buffered anyway.
        var first = await PeekAsync(cancellationToken);
        var element = new ArrayBufferWriter<byte>(first.IsIndefinite ? 256 : (int)Math.Min(first.Size + first.Length, _buffer.Length));
        var indefinite = 0;
        do
        {
            var header = await PeekAsync(cancellationToken);
            var size = header.Size + Math.Max(0, header.Length);
            if (size > elementLimit - element.WrittenCount)
            {
                throw UnreadableException.TooLarge(name);
            }

            await CopyAsync(element, size, cancellationToken);
            indefinite += header.IsIndefinite ? 1 : header.IsEndOfContents ? -1 : 0;
            if (indefinite is < 0 or > DeepestNesting)
            {
                throw UnreadableException.Malformed(name);
            }
        }
        while (indefinite > 0);

        return element.WrittenMemory;
    }

    /// <summary>Content octets of an OCTET STRING in any form, under its own or an implicit tag; read to the end before going on.</summary>
    public async ValueTask<BerOctetStream> OpenOctetsAsync(byte primitiveTag, string name, CancellationToken cancellationToken)
    {
        var header = await PeekAsync(cancellationToken);
        if ((header.Tag & ~0x20) != primitiveTag)
        {
            throw UnreadableException.Malformed(name);
        }

        if (header.IsConstructed)
        {
            Enter(header);
            return new BerOctetStream(this, remaining: 0, depth: 1, name);
        }

        Consume(header.Size);
        return new BerOctetStream(this, header.Length, depth: 0, name);
    }

    /// <summary>Steps into the next piece of a constructed OCTET STRING.</summary>
    internal void Enter(BerHeader header)
    {
        if (_frames.Count >= DeepestNesting)
        {
            throw new UnreadableException(Unreadable.TooDeep, "BER nesting");
        }

        var around = Limit;
        Consume(header.Size);
        _frames.Push(header.IsIndefinite ? new Frame(around, true) : new Frame(_position + header.Length, false));
    }

    internal void Consume(int bytes)
    {
        if (bytes > _count)
        {
            throw UnreadableException.Malformed("BER end");
        }

        _start += bytes;
        _count -= bytes;
        _position += bytes;
    }

    /// <returns>At least one byte, unless the source ended.</returns>
    internal async ValueTask<int> ReadSomeAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        await FillAsync(1, cancellationToken);
        var bytes = Math.Min(destination.Length, _count);
        if (bytes == 0)
        {
            throw UnreadableException.Malformed("BER end");
        }

        _buffer.AsMemory(_start, bytes).CopyTo(destination);
        Consume(bytes);
        return bytes;
    }

    private async ValueTask CopyAsync(ArrayBufferWriter<byte> element, long bytes, CancellationToken cancellationToken)
    {
        while (bytes > 0)
        {
            var target = element.GetMemory(1);
            var read = await ReadSomeAsync(target[..(int)Math.Min(target.Length, bytes)], cancellationToken);
            element.Advance(read);
            bytes -= read;
        }
    }

    private async ValueTask FillAsync(int wanted, CancellationToken cancellationToken)
    {
        if (_count >= wanted)
        {
            return;
        }

        _buffer.AsSpan(_start, _count).CopyTo(_buffer);
        _start = 0;
        while (_count < wanted)
        {
            var read = await source.ReadAsync(_buffer.AsMemory(_count), cancellationToken);
            if (read == 0)
            {
                return;
            }

            _count += read;
        }
    }

    private readonly record struct Frame(long Limit, bool IsIndefinite);
}
