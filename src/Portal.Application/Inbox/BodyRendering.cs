using System.Net;
using System.Text.RegularExpressions;
using MimeKit;

namespace Portal.Application.Inbox;

/// <summary>The document that the reading pane's frame shows.</summary>
internal static partial class BodyRendering
{
    private const int LargestPicture = 2 * 1024 * 1024;
    private const int AllPictures = 8 * 1024 * 1024;

    private const string Style =
        "html{color-scheme:light}body{margin:0;padding:4px 0;font:15px/1.5 'Segoe UI',system-ui,sans-serif;color:#1b1a19;background:#fff;"
        + "overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap;font:inherit;margin:0}"
        + "blockquote{margin:0 0 0 8px;padding-left:12px;border-left:2px solid #d2d0ce}a{color:#0f5ea8}";

    /// <param name="contents">What the message is made of.</param>
    /// <param name="plainTextOnly">No HTML, because the message could have been altered on its way.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The document, and whether something was not loaded from elsewhere; null when there is nothing to show.</returns>
    public static async Task<(string Html, bool RemoteContent)?> RenderAsync(MessageContents contents, bool plainTextOnly, CancellationToken cancellationToken)
    {
        if (contents.Html is { } html && !plainTextOnly)
        {
            var source = await contents.TextAsync(html, cancellationToken);
            return MailHtml.Sanitise(source, await PicturesAsync(contents, cancellationToken)) is { } safe
                ? (Document(safe.Body), safe.RemoteContent)
                : (Document(Preformatted(source)), false);
        }

        return await WordsAsync(contents, cancellationToken) is { } words ? (Document(Preformatted(words)), false) : null;
    }

    /// <summary>The message as plain text.</summary>
    public static async Task<string?> WordsAsync(MessageContents contents, CancellationToken cancellationToken)
    {
        if (contents.Plain is { } plain)
        {
            return await contents.TextAsync(plain, cancellationToken);
        }

        return contents.Html is { } html ? MailHtml.Text(await contents.TextAsync(html, cancellationToken)) : null;
    }

    private static string Document(string body) =>
        "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        + $"<title></title><style>{Style}</style></head><body>{body}</body></html>";

    private static string Preformatted(string text)
    {
        var encoded = WebUtility.HtmlEncode(text);
        var linked = WebAddress().Replace(encoded, match =>
        {
            var target = Uri.EscapeDataString(WebUtility.HtmlDecode(match.Value));
            return $"<a href=\"/leave?to={target}\" target=\"_blank\" rel=\"noopener noreferrer\">{match.Value}</a>";
        });
        return $"<pre>{linked}</pre>";
    }

    private static async Task<IReadOnlyDictionary<string, string>> PicturesAsync(MessageContents contents, CancellationToken cancellationToken)
    {
        var pictures = new Dictionary<string, string>(StringComparer.Ordinal);
        var left = AllPictures;
        foreach (var image in contents.InlineImages.Where(IsPicture))
        {
            var bytes = await PartReading.BytesAsync(image, LargestPicture, cancellationToken);
            left -= bytes.Length;
            if (left < 0)
            {
                break;
            }

            pictures.TryAdd(image.ContentId ?? string.Empty, $"data:{image.ContentType.MimeType};base64,{Convert.ToBase64String(bytes.Span)}");
        }

        return pictures;
    }

    private static bool IsPicture(MimePart part) => part.ContentType.MimeType.ToLowerInvariant() is "image/png" or "image/jpeg" or "image/gif" or "image/webp";

    // A sentence ends behind it, and not in it.
    [GeneratedRegex("""https?://[^\s<>"']{0,1999}[^\s<>"'.,;:!?]""")]
    private static partial Regex WebAddress();
}
