using System.Text;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>The header of one MIME entity, and where its body begins.</summary>
/// <param name="Fields">In order.</param>
/// <param name="BodyOffset">Bytes from the entity's beginning.</param>
internal sealed record HeaderBlock(IReadOnlyList<HeaderField> Fields, long BodyOffset)
{
    private EntityMedia? _media;

    public EntityMedia Media => _media ??= EntityMedia.Of(this);

    public bool IsMalformed => Fields.Any(entry => entry.Name.Length == 0);

    public IEnumerable<HeaderField> All(string name) => Fields.Where(field => field.Is(name));

    /// <param name="entity">Read from its beginning.</param>
    /// <param name="limits">Of one header block.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="UnreadableException">Beyond the limits.</exception>
    public static async Task<HeaderBlock> ReadAsync(Stream entity, OpeningLimits limits, CancellationToken cancellationToken)
    {
        entity.Position = 0;
        using var lines = new LineScanner(entity);
        var fields = new List<HeaderField>();
        var field = new StringBuilder();
        while (await lines.NextAsync(cancellationToken))
        {
            if (lines.Line.IsEmpty)
            {
                Flush(field, fields);
                return new HeaderBlock(fields, lines.NextOffset);
            }

            if (lines.NextOffset > limits.HeaderBytes || lines.Length > limits.HeaderLineBytes || fields.Count >= limits.HeaderFields)
            {
                throw UnreadableException.TooLarge("header");
            }

            if (lines.Line[0] is not ((byte)' ' or (byte)'\t'))
            {
                Flush(field, fields);
            }

            field.Append(Encoding.Latin1.GetString(lines.Line)).Append("\r\n");
        }

        Flush(field, fields);
        return new HeaderBlock(fields, lines.NextOffset);
    }

    /// <summary>Whether a line can begin a header field.</summary>
    public static bool IsField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon > 0 && IsName(Encoding.Latin1.GetString(line[..colon]).TrimEnd(' ', '\t'));
    }

    /// <summary>MIME-Version and Content-* describe one entity and say nothing about the message (RFC 9788 §1.1.1).</summary>
    public static bool IsStructural(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name.Equals("MIME-Version", StringComparison.OrdinalIgnoreCase);

    private static void Flush(StringBuilder text, List<HeaderField> fields)
    {
        if (text.Length == 0)
        {
            return;
        }

        text.Length -= 2;
        var line = text.ToString();
        text.Clear();
        var colon = line.IndexOf(':', StringComparison.Ordinal);

        // RFC 5322 §4.5.3: blanks before the colon are obsolete, and a way to hide a second From.
        var name = colon < 0 ? string.Empty : line[..colon].TrimEnd(' ', '\t');
        fields.Add(IsName(name) ? new HeaderField(name, line[(colon + 1)..]) : new HeaderField(string.Empty, line));
    }

    // RFC 5322 §2.2: printable ASCII without the colon.
    private static bool IsName(string name) => name.Length > 0 && name.All(character => character is > ' ' and <= '~');
}
