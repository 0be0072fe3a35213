using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Portal.Smime.Mime;

/// <summary>
/// Bytes to write first and to read (and seek) after <see cref="CompleteAsync"/>. In memory up to a threshold, beyond it
/// in a temporary file sealed with AES-GCM under a key that dies with the spool: no plaintext reaches a disk.
/// </summary>
/// <param name="memoryBytes">How much may stay in memory; rounded up to 64 KB.</param>
/// <param name="passed">Told how many bytes were written or read, each time.</param>
[SuppressMessage("Naming", "CA1710", Justification = "A spool is a stream by trade, not by name.")]
public sealed class Spool(int memoryBytes = Spool.DefaultMemoryBytes, Action<int>? passed = null) : Stream
{
    public const int DefaultMemoryBytes = 1024 * 1024;
    private const int ChunkLength = 64 * 1024;

    private readonly List<byte[]> _chunks = [];
    private byte[] _current = ArrayPool<byte>.Shared.Rent(ChunkLength);
    private int _currentIndex;
    private SealedFile? _file;
    private long _length;
    private long _position;
    private bool _complete;
    private bool _disposed;

    public override bool CanRead => _complete && !_disposed;

    public override bool CanSeek => CanRead;

    public override bool CanWrite => !_complete && !_disposed;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Ends writing; from here on the spool reads from its beginning.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        DemandWriting();
        if (_length % ChunkLength > 0)
        {
            await KeepCurrentAsync((int)(_length % ChunkLength), cancellationToken);
        }

        _complete = true;
        _position = 0;
        _currentIndex = -1;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        DemandWriting();
        passed?.Invoke(buffer.Length);
        while (buffer.Length > 0)
        {
            var used = (int)(_length % ChunkLength);
            var taken = Math.Min(buffer.Length, ChunkLength - used);
            buffer[..taken].CopyTo(_current.AsMemory(used));
            buffer = buffer[taken..];
            _length += taken;
            if (used + taken == ChunkLength)
            {
                await KeepCurrentAsync(ChunkLength, cancellationToken);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A spool is written asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        DemandReading();
        var index = (int)(_position / ChunkLength);
        if (_position < _length && buffer.Length > 0 && _file is not null && index != _currentIndex)
        {
            await _file.ReadAsync(index, _current.AsMemory(0, LengthOf(index)), cancellationToken);
            _currentIndex = index;
        }

        return Read(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        DemandReading();
        if (_position >= _length || buffer.IsEmpty)
        {
            return 0;
        }

        var index = (int)(_position / ChunkLength);
        if (_file is not null && index != _currentIndex)
        {
            _file.Read(index, _current.AsSpan(0, LengthOf(index)));
            _currentIndex = index;
        }

        var chunk = _file is null ? _chunks[index] : _current;
        var available = chunk.AsSpan(0, LengthOf(index))[(int)(_position % ChunkLength)..];
        var count = Math.Min(available.Length, buffer.Length);
        available[..count].CopyTo(buffer);
        _position += count;
        passed?.Invoke(count);
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        DemandReading();
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => _length + offset,
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
        if (disposing && !_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(_current, clearArray: true);
            ReturnChunks();
            _file?.Dispose();
        }

        base.Dispose(disposing);
    }

    private int LengthOf(int index) => (int)Math.Min(ChunkLength, _length - ((long)index * ChunkLength));

    private async ValueTask KeepCurrentAsync(int length, CancellationToken cancellationToken)
    {
        if (_file is null && (_chunks.Count + 1L) * ChunkLength <= Math.Max(ChunkLength, memoryBytes))
        {
            _chunks.Add(_current);
            _current = ArrayPool<byte>.Shared.Rent(ChunkLength);
            _currentIndex++;
            return;
        }

        if (_file is null)
        {
            await MoveToFileAsync(cancellationToken);
        }

        await _file!.WriteAsync(_currentIndex++, _current.AsMemory(0, length), cancellationToken);
    }

    private async ValueTask MoveToFileAsync(CancellationToken cancellationToken)
    {
        _file = new SealedFile(ChunkLength);
        for (var index = 0; index < _chunks.Count; index++)
        {
            await _file.WriteAsync(index, _chunks[index].AsMemory(0, ChunkLength), cancellationToken);
        }

        ReturnChunks();
    }

    private void ReturnChunks()
    {
        foreach (var chunk in _chunks)
        {
            ArrayPool<byte>.Shared.Return(chunk, clearArray: true);
        }

        _chunks.Clear();
    }

    private void DemandReading()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_complete)
        {
            throw new InvalidOperationException("The spool is still being written.");
        }
    }

    private void DemandWriting()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_complete)
        {
            throw new InvalidOperationException("The spool is complete.");
        }
    }
}
