namespace Portal.Smime.Cms;

/// <summary>Identifier and length octets (X.690 §8.1).</summary>
/// <param name="Tag">The identifier octet, class and constructed bit included.</param>
/// <param name="Size">Bytes of the header itself.</param>
/// <param name="Length">Content bytes; -1 for the indefinite form.</param>
internal readonly record struct BerHeader(byte Tag, int Size, long Length)
{
    public const int LongestSize = 10;

    public bool IsConstructed => (Tag & 0x20) != 0;

    public bool IsIndefinite => Length < 0;

    public bool IsEndOfContents => Tag == 0 && Length == 0;

    /// <summary>CMS and PKIX need low tag numbers only, and no length beyond 2^55.</summary>
    public static BerHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || (bytes[0] & 0x1f) == 0x1f)
        {
            throw UnreadableException.Malformed("BER tag");
        }

        var first = bytes[1];
        if (first < 0x80)
        {
            return new BerHeader(bytes[0], 2, first);
        }

        if (first == 0x80)
        {
            var constructed = (bytes[0] & 0x20) != 0;
            return constructed ? new BerHeader(bytes[0], 2, -1) : throw UnreadableException.Malformed("BER length");
        }

        return ParseLong(bytes, first & 0x7f);
    }

    private static BerHeader ParseLong(ReadOnlySpan<byte> bytes, int octets)
    {
        if (octets > 8 || bytes.Length < 2 + octets)
        {
            throw UnreadableException.Malformed("BER length");
        }

        long length = 0;
        foreach (var octet in bytes.Slice(2, octets))
        {
            if (length > long.MaxValue >> 16)
            {
                throw UnreadableException.Malformed("BER length");
            }

            length = (length << 8) | octet;
        }

        return new BerHeader(bytes[0], 2 + octets, length);
    }
}
