using System.Security.Cryptography;

namespace Portal.Smime.Dkim;

/// <summary>The SHA-256 of a body in its relaxed form (RFC 6376 §3.4.4): blanks are one blank, none at a line's end, no empty lines at the end.</summary>
internal sealed class RelaxedBody : IDisposable
{
    private const int BufferLength = 16 * 1024;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _filled;
    private long _emptyLines;
    private bool _hasBlank;
    private bool _hasContent;
    private bool _afterReturn;

    public static async Task<byte[]> HashAsync(Stream body, CancellationToken cancellationToken)
    {
        using var relaxed = new RelaxedBody();
        var read = new byte[BufferLength];
        while (await body.ReadAsync(read, cancellationToken) is > 0 and var count)
        {
            relaxed.Append(read.AsSpan(0, count));
        }

        return relaxed.Finish();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value == '\n')
            {
                EndLine();
                continue;
            }

            if (_afterReturn)
            {
                // A bare CR is content.
                Put((byte)'\r');
            }

            _afterReturn = value == '\r';
            if (value is (byte)' ' or (byte)'\t')
            {
                _hasBlank = true;
            }
            else if (!_afterReturn)
            {
                Put(value);
            }
        }
    }

    public byte[] Finish()
    {
        if (_afterReturn)
        {
            Put((byte)'\r');
        }

        if (_hasContent)
        {
            EndLine();
        }

        _hash.AppendData(_buffer.AsSpan(0, _filled));
        return _hash.GetHashAndReset();
    }

    public void Dispose() => _hash.Dispose();

    private void EndLine()
    {
        _afterReturn = _hasBlank = false;
        if (!_hasContent)
        {
            _emptyLines++;
            return;
        }

        _hasContent = false;
        WriteEnding();
    }

    private void Put(byte value)
    {
        for (; _emptyLines > 0; _emptyLines--)
        {
            WriteEnding();
        }

        if (_hasBlank)
        {
            Write((byte)' ');
        }

        Write(value);
        (_hasBlank, _hasContent) = (false, true);
    }

    private void WriteEnding()
    {
        Write((byte)'\r');
        Write((byte)'\n');
    }

    private void Write(byte value)
    {
        if (_filled == _buffer.Length)
        {
            _hash.AppendData(_buffer);
            _filled = 0;
        }

        _buffer[_filled++] = value;
    }
}
