namespace Portal.Smime.Tests.Fuzzing;

/// <summary>BER taken apart as far as it goes, so that mutants stay BER nearly everywhere and get past the first check.</summary>
internal sealed class TlvNode(byte tag, byte[] content, List<TlvNode>? children, bool isIndefinite)
{
    private const int DeepestNesting = 40;

    public byte Tag { get; set; } = tag;

    /// <summary>Of a primitive element.</summary>
    public byte[] Content { get; set; } = content;

    public List<TlvNode>? Children { get; } = children;

    public bool IsIndefinite { get; set; } = isIndefinite;

    /// <summary>Says another length than it has.</summary>
    public int? ClaimedLength { get; set; }

    /// <returns>Null when the bytes are no sequence of elements.</returns>
    public static List<TlvNode>? Parse(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        var nodes = new List<TlvNode>();
        while (bytes.Length > 0)
        {
            if (ParseOne(ref bytes, depth) is not { } node)
            {
                return null;
            }

            nodes.Add(node);
        }

        return nodes;
    }

    public TlvNode Copy() => new(Tag, Content, Children?.ConvertAll(child => child.Copy()), IsIndefinite) { ClaimedLength = ClaimedLength };

    public IEnumerable<TlvNode> All() => Children is null ? [this] : Children.SelectMany(child => child.All()).Prepend(this);

    public byte[] Encode()
    {
        byte[] content = Children is null ? Content : [.. Children.SelectMany(child => child.Encode())];
        return IsIndefinite ? [Tag, 0x80, .. content, 0, 0] : [Tag, .. Length(ClaimedLength ?? content.Length), .. content];
    }

    private static byte[] Length(int length) => length switch
    {
        < 0x80 => [(byte)length],
        < 0x100 => [0x81, (byte)length],
        < 0x10000 => [0x82, (byte)(length >> 8), (byte)length],
        _ => [0x84, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length],
    };

    private static TlvNode? ParseOne(ref ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes.Length < 2 || (bytes[0] & 0x1f) == 0x1f || depth > DeepestNesting)
        {
            return null;
        }

        var tag = bytes[0];
        var octets = bytes[1] < 0x80 ? 0 : bytes[1] & 0x7f;
        if (bytes[1] == 0x80)
        {
            return ParseIndefinite(ref bytes, depth);
        }

        if (octets > 4 || bytes.Length < 2 + octets)
        {
            return null;
        }

        long length = octets == 0 ? bytes[1] : 0;
        foreach (var octet in bytes.Slice(2, octets))
        {
            length = (length << 8) | octet;
        }

        if (length > bytes.Length - 2 - octets)
        {
            return null;
        }

        var content = bytes.Slice(2 + octets, (int)length);
        bytes = bytes[(2 + octets + (int)length)..];

        // Strings that hold structures are worth going into as well: extensions do.
        var looksInside = (tag & 0x20) != 0 || (tag == 0x04 && content is [0x30 or 0x03 or 0x04, ..]);
        var children = looksInside ? Parse(content, depth + 1) : null;
        return new TlvNode(tag, content.ToArray(), children, isIndefinite: false);
    }

    private static TlvNode? ParseIndefinite(ref ReadOnlySpan<byte> bytes, int depth)
    {
        var tag = bytes[0];
        bytes = bytes[2..];
        var children = new List<TlvNode>();
        while (bytes.Length >= 2)
        {
            if (bytes[0] == 0 && bytes[1] == 0)
            {
                bytes = bytes[2..];
                return new TlvNode(tag, [], children, isIndefinite: true);
            }

            if (ParseOne(ref bytes, depth + 1) is not { } child)
            {
                return null;
            }

            children.Add(child);
        }

        return null;
    }
}
