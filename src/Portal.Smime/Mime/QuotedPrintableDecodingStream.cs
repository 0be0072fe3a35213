using System.Buffers;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Decodes quoted-printable (RFC 2045 §6.7) line by line. Rare around CMS, but some gateways re-encode.</summary>
internal sealed class QuotedPrintableDecodingStream(Stream source) : ForwardStream
{
    private readonly LineScanner _lines = new(source);
    private readonly List<byte> _decoded = [];
    private int _start;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _decoded.Count)
        {
            _decoded.Clear();
            _start = 0;
            if (!await _lines.NextAsync(cancellationToken))
            {
                return 0;
            }

            DecodeLine(_lines.Line, _lines.EndingLength, _lines.Length);
        }

        var count = Math.Min(buffer.Length, _decoded.Count - _start);
        _decoded.GetRange(_start, count).ToArray().CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _lines.Dispose();
        }

        base.Dispose(disposing);
    }

    private void DecodeLine(ReadOnlySpan<byte> line, int endingLength, long length)
    {
        if (line.Length + endingLength != length)
        {
            throw UnreadableException.TooLarge("quoted-printable line");
        }

        line = line.TrimEnd(" \t"u8);
        Span<byte> octet = stackalloc byte[1];
        while (line.Length > 0)
        {
            if (line[0] != '=')
            {
                _decoded.Add(line[0]);
                line = line[1..];
                continue;
            }

            // Soft line break.
            if (line.Length == 1)
            {
                return;
            }

            if (line.Length < 3 || Convert.FromHexString(line.Slice(1, 2), octet, out _, out _) != OperationStatus.Done)
            {
                throw UnreadableException.Malformed("quoted-printable");
            }

            _decoded.Add(octet[0]);
            line = line[3..];
        }

        if (endingLength > 0)
        {
            _decoded.AddRange("\r\n"u8);
        }
    }
}
