using System.Security;
using System.Text;

namespace Portal.Application.SecureLinks;

/// <summary>Words across a document, so that a picture of it says who took it. Whoever wants to can cut them out.</summary>
internal static class Watermark
{
    private const string End = "</body>";

    public static string Over(string html, string words)
    {
        // Twice, the second for what the tile below would have above itself: no line of text is without a piece of it.
        var text = $"fill='#808080' fill-opacity='.22' font-family='sans-serif' font-size='16'>{SecurityElement.Escape(words)}</text>";
        var picture = "<svg xmlns='http://www.w3.org/2000/svg' width='420' height='110'>"
            + $"<text x='10' y='100' transform='rotate(-24 10 100)' {text}<text x='10' y='210' transform='rotate(-24 10 210)' {text}</svg>";
        var mark = $"<div aria-hidden=\"true\" style=\"position:fixed;inset:0;pointer-events:none;background:url('data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(picture))}')\"></div>";
        var end = html.LastIndexOf(End, StringComparison.Ordinal);
        return html[..end] + mark + html[end..];
    }
}
