using System.Globalization;
using System.Text;
using Microsoft.Net.Http.Headers;
using Portal.Application;

namespace Portal.Web.Shell;

/// <summary>A file for the disk, never for the browser's own viewers.</summary>
internal static class FileDownload
{
    private const string Policy = "default-src 'none'; frame-ancestors 'none'; sandbox";
    private const int LongestName = 150;

    // Everything else, above all html, svg, xml and pdf, travels as bytes without a meaning.
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "message/rfc822", "application/zip",
    };

    public static IResult Of(HttpContext context, Download? download)
    {
        if (download is null)
        {
            return Results.NotFound();
        }

        context.Response.RegisterForDisposeAsync(download);
        context.Response.Headers.ContentSecurityPolicy = Policy;
        var mediaType = Harmless.Contains(download.MediaType) ? download.MediaType : "application/octet-stream";
        // What an address leads to never changes, so that its length tells whether a part of it fits the rest.
        return Results.Stream(
            download.Content, mediaType, SafeName(download.FileName), entityTag: new EntityTagHeaderValue($"\"{download.Length:x}\""), enableRangeProcessing: download.Content.CanSeek);
    }

    /// <summary>Of a file that is made while it is sent: nobody knows its length, and it cannot be gone on with.</summary>
    public static void Announce(HttpContext context, string fileName, string mediaType)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = mediaType;
        context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = SafeName(fileName) }.ToString();
    }

    /// <summary>From its beginning, and not what was left of a download that broke off.</summary>
    public static bool IsAnew(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && (context.Request.GetTypedHeaders().Range?.Ranges.Any(range => range.From is null or 0) ?? true);

    /// <summary>Without path separators, control and bidirectional characters; RFC 5987 encoding is the framework's.</summary>
    public static string SafeName(string name)
    {
        var safe = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                continue;
            }

            safe.Append(rune.Value is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' ? "_" : rune.ToString());
        }

        var trimmed = safe.ToString().Trim(' ', '.');
        return trimmed.Length switch
        {
            0 => "file",
            > LongestName => Shortened(trimmed),
            _ => trimmed,
        };
    }

    private static string Shortened(string name)
    {
        var extension = Path.GetExtension(name);
        return extension.Length is > 0 and < 12 ? name[..(LongestName - extension.Length)] + extension : name[..LongestName];
    }
}
