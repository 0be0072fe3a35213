using System.Text;
using MimeKit;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>
/// One pass over a message before anything else looks at it: counts headers, parts, depth and addresses against the
/// limits, in constant memory, and notes cryptographic parts on the way.
/// </summary>
internal sealed class StructureScan
{
    private const int MostErrantLayers = 100;

    private readonly OpeningLimits _limits;
    private readonly Stack<Around> _around = new();
    private readonly List<ErrantLayer> _errant = [];
    private readonly HeaderScan _header;
    private bool _inHeader = true;
    private int _parts = 1;

    private StructureScan(OpeningLimits limits)
    {
        _limits = limits;
        _header = new HeaderScan(limits);
    }

    /// <param name="entity">Read from its beginning to its end.</param>
    /// <param name="limits">What is allowed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Cryptographic parts that are not the entity itself.</returns>
    /// <exception cref="UnreadableException">A limit is exceeded.</exception>
    public static async Task<IReadOnlyList<ErrantLayer>> RunAsync(Stream entity, OpeningLimits limits, CancellationToken cancellationToken)
    {
        if (entity.Length > limits.MessageBytes)
        {
            throw UnreadableException.TooLarge("message");
        }

        var scan = new StructureScan(limits);
        entity.Position = 0;
        using var lines = new LineScanner(entity);
        while (await lines.NextAsync(cancellationToken))
        {
            scan.Line(lines);
        }

        return scan._errant;
    }

    private void Line(LineScanner lines)
    {
        if (lines.Line.StartsWith("--"u8) && IsDelimiter(lines.Line))
        {
            return;
        }

        if (!_inHeader)
        {
            return;
        }

        if (!lines.Line.IsEmpty)
        {
            _header.Line(lines.Line, lines.Length);
            return;
        }

        EndHeader();
    }

    private bool IsDelimiter(ReadOnlySpan<byte> line)
    {
        var inside = 0;
        foreach (var around in _around)
        {
            var match = around.Boundary is { } boundary ? Delimiter.Match(line, boundary) : DelimiterKind.None;
            if (match != DelimiterKind.None)
            {
                // The multipart itself ends as well when its closing delimiter is met: what follows is epilogue.
                Leave(match == DelimiterKind.Close ? inside + 1 : inside);
                _inHeader = match == DelimiterKind.Next;
                if (_inHeader && ++_parts > _limits.Parts)
                {
                    throw UnreadableException.TooLarge("parts");
                }

                _header.Begin();
                return true;
            }

            inside++;
        }

        return false;
    }

    private void Leave(int levels)
    {
        for (; levels > 0; levels--)
        {
            _around.Pop();
        }
    }

    private void EndHeader()
    {
        _inHeader = false;
        var (type, disposition) = (_header.ContentType is { } value ? EntityMedia.Parse(value) : null, _header.ContentDisposition);
        _header.Begin();
        if (type is null)
        {
            // RFC 2046 §5.1.5: without a type, a digest's part is a message.
            if (_around.TryPeek(out var around) && around.IsDigest)
            {
                EnterMessage();
            }

            return;
        }

        NoteErrant(type, disposition);
        if (type.IsMimeType("multipart", "*") && type.Boundary is { Length: > 0 } boundary)
        {
            Enter(new Around(Encoding.Latin1.GetBytes(boundary), type.IsMimeType("multipart", "digest")));
        }
        else if (type.IsMimeType("message", "rfc822") || type.IsMimeType("message", "global"))
        {
            EnterMessage();
        }
    }

    private void EnterMessage()
    {
        Enter(new Around(null, IsDigest: false));
        _inHeader = true;
    }

    private void Enter(Around around)
    {
        if (_around.Count >= _limits.Depth)
        {
            throw new UnreadableException(Unreadable.TooDeep, "multiparts");
        }

        _around.Push(around);
    }

    private void NoteErrant(ContentType type, string? disposition)
    {
        var isCryptographic = type.IsMimeType("multipart", "signed") || type.IsMimeType("multipart", "encrypted") || EntityMedia.IsPkcs7Mime(type, disposition);
        if (isCryptographic && _around.Count is > 0 and var depth && _errant.Count < MostErrantLayers)
        {
            _errant.Add(new ErrantLayer($"{type.MediaType}/{type.MediaSubtype}".ToLowerInvariant(), depth));
        }
    }

    /// <param name="Boundary">Null for a message, which ends with what is around it.</param>
    /// <param name="IsDigest">multipart/digest.</param>
    private readonly record struct Around(byte[]? Boundary, bool IsDigest);
}
