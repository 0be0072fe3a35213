using System.Security;
using System.Text;

namespace Portal.Application.SecureLinks;

/// <summary>Words across a document, so that a picture of it says who took it. Whoever wants to can cut them out.</summary>
internal static class Watermark
{
    private const string End = "</body>";

    public static string Over(string html, string words)
    {
        // In each tile also what those below would have above themselves, and the first begins early: a single line of text has a piece of it.
        var text = $"fill='#808080' fill-opacity='.22' font-family='sans-serif' font-size='16'>{SecurityElement.Escape(words)}</text>";
        var lines = string.Concat(Enumerable.Range(0, 3).Select(line => 70 + (line * 80)).Select(y => $"<text x='10' y='{y}' transform='rotate(-24 10 {y})' {text}"));
        var picture = $"<svg xmlns='http://www.w3.org/2000/svg' width='420' height='80'>{lines}</svg>";
        var mark = $"<div aria-hidden=\"true\" style=\"position:fixed;inset:0;pointer-events:none;background:0 -30px url('data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(picture))}')\"></div>";
        var end = html.LastIndexOf(End, StringComparison.Ordinal);
        return html[..end] + mark + html[end..];
    }
}
