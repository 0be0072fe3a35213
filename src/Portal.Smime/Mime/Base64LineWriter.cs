using System.Buffers;
using System.Buffers.Text;

namespace Portal.Smime.Mime;

/// <summary>Encodes base64 in lines of 76 characters and CRLF (RFC 2045 §6.8). Write only; finish with <see cref="CompleteAsync"/>.</summary>
internal sealed class Base64LineWriter(Stream destination) : Stream
{
    private const int LineBytes = 57;
    private const int LineCharacters = 76;
    private const int Lines = 512;

    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(LineBytes * Lines);
    private readonly byte[] _output = ArrayPool<byte>.Shared.Rent((LineCharacters + 2) * Lines);
    private int _count;
    private bool _disposed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var taken = Math.Min(buffer.Length, (LineBytes * Lines) - _count);
            buffer[..taken].CopyTo(_input.AsMemory(_count));
            buffer = buffer[taken..];
            _count += taken;
            if (_count == LineBytes * Lines)
            {
                await EncodeAsync(cancellationToken);
            }
        }
    }

    /// <summary>Writes the last lines.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken) => await EncodeAsync(cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(_input, clearArray: true);
            ArrayPool<byte>.Shared.Return(_output);
        }

        base.Dispose(disposing);
    }

    private ValueTask EncodeAsync(CancellationToken cancellationToken)
    {
        var input = _input.AsSpan(0, _count);
        var length = 0;
        while (input.Length > 0)
        {
            var line = input[..Math.Min(LineBytes, input.Length)];
            Base64.EncodeToUtf8(line, _output.AsSpan(length), out _, out var written);
            length += written;
            _output[length++] = (byte)'\r';
            _output[length++] = (byte)'\n';
            input = input[line.Length..];
        }

        _count = 0;
        return destination.WriteAsync(_output.AsMemory(0, length), cancellationToken);
    }
}
