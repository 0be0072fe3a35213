using System.Text;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Counts the header blocks of a message line by line; keeps nothing but the Content-Type at hand.</summary>
internal sealed class HeaderScan(OpeningLimits limits)
{
    private static readonly string[] AddressFields = ["to", "cc", "bcc", "from", "reply-to", "sender", "resent-to", "resent-cc", "resent-bcc"];

    private readonly StringBuilder _contentType = new();
    private long _totalBytes;
    private long _bytes;
    private int _fields;
    private int _addresses;
    private bool _inContentType;
    private bool _inAddresses;
    private bool _hasContentType;

    /// <summary>Value of the block's first Content-Type; null without one.</summary>
    public string? ContentType => _hasContentType ? _contentType.ToString() : null;

    public void Begin()
    {
        (_bytes, _fields, _hasContentType, _inContentType, _inAddresses) = (0, 0, false, false, false);
        _contentType.Clear();
    }

    /// <param name="line">Its beginning suffices.</param>
    /// <param name="length">Bytes, ending included.</param>
    public void Line(ReadOnlySpan<byte> line, long length)
    {
        _bytes += length;
        _totalBytes += length;
        if (length > limits.HeaderLineBytes || _bytes > limits.HeaderBytes || _totalBytes > limits.TotalHeaderBytes)
        {
            throw UnreadableException.TooLarge("header");
        }

        if (line[0] is not ((byte)' ' or (byte)'\t'))
        {
            BeginField(ref line);
        }

        if (_inContentType)
        {
            _contentType.Append(Encoding.Latin1.GetString(line));
        }

        _addresses += _inAddresses ? line.Count((byte)',') + line.Count((byte)';') : 0;
        if (_addresses >= limits.Addresses)
        {
            throw UnreadableException.TooLarge("addresses");
        }
    }

    private void BeginField(ref ReadOnlySpan<byte> line)
    {
        if (++_fields > limits.HeaderFields)
        {
            throw UnreadableException.TooLarge("header fields");
        }

        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? string.Empty : Encoding.Latin1.GetString(line[..colon]).TrimEnd(' ', '\t').ToLowerInvariant();
        _addresses = 0;
        _inAddresses = AddressFields.Contains(name);
        _inContentType = name == "content-type" && !_hasContentType;
        if (_inContentType)
        {
            _hasContentType = true;
            line = line[(colon + 1)..];
        }
    }
}
