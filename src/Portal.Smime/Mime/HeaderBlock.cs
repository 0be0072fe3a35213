using System.Buffers;
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

    public HeaderField? First(string name)
    {
        for (var index = 0; index < Fields.Count; index++)
        {
            if (Fields[index].Is(name))
            {
                return Fields[index];
            }
        }

        return null;
    }

    /// <returns>Null when there is none, or more than one.</returns>
    public HeaderField? Single(string name)
    {
        HeaderField? found = null;
        for (var index = 0; index < Fields.Count; index++)
        {
            if (!Fields[index].Is(name))
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = Fields[index];
        }

        return found;
    }

    /// <param name="entity">Read from its beginning.</param>
    /// <param name="limits">Of one header block.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="UnreadableException">Beyond the limits.</exception>
    public static async Task<HeaderBlock> ReadAsync(Stream entity, OpeningLimits limits, CancellationToken cancellationToken)
    {
        entity.Position = 0;
        using var lines = new LineScanner(entity);
        var fields = new List<HeaderField>();
        var field = new ArrayBufferWriter<byte>(256);
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

            field.Write(lines.Line);
            field.Write("\r\n"u8);
        }

        Flush(field, fields);
        return new HeaderBlock(fields, lines.NextOffset);
    }

    /// <summary>Whether a line can begin a header field.</summary>
    public static bool IsField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon > 0 && IsName(line[..colon].TrimEnd(" \t"u8));
    }

    /// <summary>MIME-Version and Content-* describe one entity and say nothing about the message (RFC 9788 §1.1.1).</summary>
    public static bool IsStructural(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name.Equals("MIME-Version", StringComparison.OrdinalIgnoreCase);

    private static void Flush(ArrayBufferWriter<byte> lines, List<HeaderField> fields)
    {
        if (lines.WrittenCount == 0)
        {
            return;
        }

        var field = lines.WrittenSpan[..^2];
        var colon = field.IndexOf((byte)':');

        // RFC 5322 §4.5.3: blanks before the colon are obsolete, and a way to hide a second From.
        var name = colon < 0 ? [] : field[..colon].TrimEnd(" \t"u8);
        fields.Add(IsName(name) && !HasBareReturn(field)
            ? new HeaderField(Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(field[(colon + 1)..]))
            : new HeaderField(string.Empty, Encoding.Latin1.GetString(field)));
        lines.ResetWrittenCount();
    }

    // RFC 5322 §2.2: a CR stands before a LF and nowhere else. Some readers end a line there, and see another field.
    private static bool HasBareReturn(ReadOnlySpan<byte> field)
    {
        for (var at = field.IndexOf((byte)'\r'); at >= 0;)
        {
            if (at + 1 == field.Length || field[at + 1] != (byte)'\n')
            {
                return true;
            }

            var next = field[(at + 1)..].IndexOf((byte)'\r');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    // RFC 5322 §2.2: printable ASCII without the colon.
    private static bool IsName(ReadOnlySpan<byte> name) => name.Length > 0 && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');
}
