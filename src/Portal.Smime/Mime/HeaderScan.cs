using System.Buffers;
using System.Text;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Counts the header blocks of a message line by line; keeps nothing but Content-Type and Content-Disposition at hand.</summary>
internal sealed class HeaderScan(OpeningLimits limits)
{
    private static readonly string[] AddressFields = ["To", "Cc", "Bcc", "From", "Reply-To", "Sender", "Resent-To", "Resent-Cc", "Resent-Bcc"];

    private readonly ArrayBufferWriter<byte> _contentType = new(128);
    private readonly ArrayBufferWriter<byte> _contentDisposition = new(128);
    private long _totalBytes;
    private long _bytes;
    private int _fields;
    private int _addresses;
    private bool _inAddresses;

    /// <summary>The field that is being read, when it is kept.</summary>
    private ArrayBufferWriter<byte>? _kept;

    /// <summary>Value of the block's first Content-Type; null without one.</summary>
    public string? ContentType => Text(_contentType);

    /// <summary>Value of the block's first Content-Disposition; null without one.</summary>
    public string? ContentDisposition => Text(_contentDisposition);

    public void Begin()
    {
        (_bytes, _fields, _kept, _inAddresses) = (0, 0, null, false);
        _contentType.ResetWrittenCount();
        _contentDisposition.ResetWrittenCount();
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

        _kept?.Write(line);
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
        _kept = Ascii.EqualsIgnoreCase(name, "Content-Type") ? _contentType
            : Ascii.EqualsIgnoreCase(name, "Content-Disposition") ? _contentDisposition
            : null;
        _kept = _kept?.WrittenCount > 0 ? null : _kept;
        if (_kept is not null)
        {
            line = line[colon..];
        }
    }

    // The colon is kept, so that an empty value is one.
    private static string? Text(ArrayBufferWriter<byte> kept) => kept.WrittenCount > 0 ? Encoding.Latin1.GetString(kept.WrittenSpan[1..]) : null;

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
