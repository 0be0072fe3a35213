namespace Portal.Smime.Mime;

internal enum DelimiterKind
{
    None,
    Next,
    Close,
}

/// <summary>RFC 2046 §5.1.1: two dashes, the boundary, perhaps two dashes more, then nothing but blanks.</summary>
internal static class Delimiter
{
    public static DelimiterKind Match(ReadOnlySpan<byte> line, ReadOnlySpan<byte> boundary)
    {
        if (!line.StartsWith("--"u8) || !line[2..].StartsWith(boundary))
        {
            return DelimiterKind.None;
        }

        var rest = line[(2 + boundary.Length)..];
        var close = rest.StartsWith("--"u8);
        rest = close ? rest[2..] : rest;
        return rest.Trim(" \t"u8).IsEmpty ? close ? DelimiterKind.Close : DelimiterKind.Next : DelimiterKind.None;
    }
}
