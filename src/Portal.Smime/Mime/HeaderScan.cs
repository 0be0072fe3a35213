using System.Buffers;
using System.Text;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Counts the header blocks of a message line by line; keeps nothing but the Content-Type at hand.</summary>
internal sealed class HeaderScan(OpeningLimits limits)
{
    private static readonly string[] AddressFields = ["To", "Cc", "Bcc", "From", "Reply-To", "Sender", "Resent-To", "Resent-Cc", "Resent-Bcc"];

    private readonly ArrayBufferWriter<byte> _contentType = new(128);
    private long _totalBytes;
    private long _bytes;
    private int _fields;
    private int _addresses;
    private bool _inContentType;
    private bool _inAddresses;
    private bool _hasContentType;

    /// <summary>Value of the block's first Content-Type; null without one.</summary>
    public string? ContentType => _hasContentType ? Encoding.Latin1.GetString(_contentType.WrittenSpan) : null;

    public void Begin()
    {
        (_bytes, _fields, _hasContentType, _inContentType, _inAddresses) = (0, 0, false, false, false);
        _contentType.ResetWrittenCount();
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
            _contentType.Write(line);
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
        var name = colon < 0 ? [] : line[..colon].TrimEnd(" \t"u8);
        _addresses = 0;
        _inAddresses = IsAddressField(name);
        _inContentType = Ascii.EqualsIgnoreCase(name, "Content-Type") && !_hasContentType;
        if (_inContentType)
        {
            _hasContentType = true;
            line = line[(colon + 1)..];
        }
    }

    private static bool IsAddressField(ReadOnlySpan<byte> name)
    {
        foreach (var field in AddressFields)
        {
            if (Ascii.EqualsIgnoreCase(name, field))
            {
                return true;
            }
        }

        return false;
    }
}
