namespace Portal.Smime.Tests.Support;

/// <summary>A long MIME entity that nobody holds in memory.</summary>
internal sealed class PatternStream(long length) : Stream
{
    private static readonly byte[] Head = Mail.Bytes("Content-Type: application/octet-stream\r\n\r\n");

    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - _position);
        for (var index = 0; index < count; index++)
        {
            buffer[index] = At(_position + index);
        }

        _position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    // Lines of 64 characters and CRLF.
    private static byte At(long position) => position < Head.Length ? Head[position]
        : (position % 66) switch
        {
            64 => (byte)'\r',
            65 => (byte)'\n',
            _ => (byte)('a' + (position % 23)),
        };
}
