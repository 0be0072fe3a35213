using System.Text;

namespace Portal.Smime.Mime;

/// <summary>A stretch of an entity.</summary>
internal readonly record struct ByteRange(long Start, long Length);

/// <summary>Finds the exact bytes of a multipart's parts; the line break before a delimiter is the delimiter's (RFC 2046 §5.1.1).</summary>
internal static class MultipartRanges
{
    private const int Most = 3;

    /// <param name="entity">Header and body, read from its beginning.</param>
    /// <param name="bodyOffset">Where the header ends.</param>
    /// <param name="boundary">Without the dashes.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>At most three: enough to tell that a multipart/signed has exactly two.</returns>
    public static async Task<IReadOnlyList<ByteRange>> FindAsync(
        Stream entity,
        long bodyOffset,
        string boundary,
        CancellationToken cancellationToken)
    {
        var parts = new List<ByteRange>();
        var delimiter = Encoding.Latin1.GetBytes(boundary);
        entity.Position = 0;
        using var lines = new LineScanner(entity);
        long? start = null;
        var ending = 0;
        while (parts.Count < Most && await lines.NextAsync(cancellationToken))
        {
            if (lines.Offset >= bodyOffset && Delimiter.Match(lines.Line, delimiter) is var match and not DelimiterKind.None)
            {
                if (start is { } from)
                {
                    parts.Add(new ByteRange(from, Math.Max(0, lines.Offset - ending - from)));
                }

                start = lines.NextOffset;
                if (match == DelimiterKind.Close)
                {
                    return parts;
                }
            }

            ending = lines.EndingLength;
        }

        if (start is { } open && parts.Count < Most)
        {
            parts.Add(new ByteRange(open, lines.NextOffset - open));
        }

        return parts;
    }
}
