using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace Portal.Application.Inbox;

/// <param name="Body">Inner HTML of a body, safe to stand in a document without scripts.</param>
/// <param name="RemoteContent">Something would have been loaded from elsewhere.</param>
internal sealed record SanitisedHtml(string Body, bool RemoteContent);

/// <summary>HTML of mail by allow-list: text, tables, colours and pictures that came with the message. Nothing is loaded, nothing is sent.</summary>
internal static partial class MailHtml
{
    private static readonly string[] Tags =
    [
        "a", "abbr", "address", "article", "b", "bdi", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
        "dd", "del", "dfn", "div", "dl", "dt", "em", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img",
        "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
        "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
    ];

    private static readonly string[] Attributes =
    [
        "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "color", "colspan", "dir", "face", "height", "href", "lang",
        "rowspan", "size", "src", "start", "style", "title", "valign", "width",
    ];

    private static readonly string[] Properties =
    [
        "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style", "border-bottom-width",
        "border-collapse", "border-color", "border-left", "border-left-color", "border-left-style", "border-left-width", "border-radius",
        "border-right", "border-right-color", "border-right-style", "border-right-width", "border-spacing", "border-style", "border-top",
        "border-top-color", "border-top-style", "border-top-width", "border-width", "color", "direction", "font-family", "font-size",
        "font-style", "font-weight", "height", "letter-spacing", "line-height", "list-style-type", "margin", "margin-bottom",
        "margin-left", "margin-right", "margin-top", "max-width", "min-width", "padding", "padding-bottom", "padding-left",
        "padding-right", "padding-top", "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align", "white-space",
        "width", "word-break", "word-spacing",
    ];

    private static readonly string[] LoadingAttributes = ["src", "srcset", "background", "poster", "href"];

    private static readonly string[] PictureTypes = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,", "data:image/webp;base64,"];

    /// <param name="html">From a message.</param>
    /// <param name="inlineImages">data: addresses by Content-ID.</param>
    /// <returns>Null when its shape is not that of a document.</returns>
    public static SanitisedHtml? Sanitise(string html, IReadOnlyDictionary<string, string> inlineImages)
    {
        if (!HtmlShape.IsParsable(html))
        {
            return null;
        }

        var document = new HtmlParser().ParseDocument(html);
        if (!HtmlShape.IsShallow(document))
        {
            return null;
        }

        var remote = RefersElsewhere(document);
        using var safe = NewSanitizer().SanitizeDom(html);
        foreach (var image in safe.QuerySelectorAll("img").ToList())
        {
            Settle(image, inlineImages);
        }

        foreach (var link in safe.QuerySelectorAll("a[href]").ToList())
        {
            Guard(link);
        }

        return new SanitisedHtml(safe.Body?.InnerHtml ?? string.Empty, remote);
    }

    /// <returns>The same document without elements of that class; as it is, when its shape is not that of a document.</returns>
    public static string WithoutElements(string html, string className)
    {
        if (!HtmlShape.IsParsable(html))
        {
            return html;
        }

        var document = new HtmlParser().ParseDocument(html);
        if (!HtmlShape.IsShallow(document))
        {
            return html;
        }

        foreach (var element in document.GetElementsByClassName(className).ToList())
        {
            element.Remove();
        }

        return document.DocumentElement.OuterHtml;
    }

    /// <summary>What our own people write: the same allow-list, links as they are, no pictures from elsewhere.</summary>
    public static string? SanitiseOwn(string html)
    {
        if (!HtmlShape.IsParsable(html))
        {
            return null;
        }

        using var safe = NewSanitizer().SanitizeDom(html);
        foreach (var image in safe.QuerySelectorAll("img").Where(image => !IsPicture(image.GetAttribute("src"))).ToList())
        {
            image.Remove();
        }

        return HtmlShape.IsShallow(safe) ? safe.Body?.InnerHtml : null;
    }

    /// <summary>The words alone, for peers and lists that show no HTML.</summary>
    public static string Text(string html)
    {
        if (!HtmlShape.IsParsable(html))
        {
            return html;
        }

        var document = new HtmlParser().ParseDocument(html);
        if (!HtmlShape.IsShallow(document))
        {
            return html;
        }

        foreach (var hidden in document.QuerySelectorAll("script, style, head, [hidden], [style*='display:none'], [style*='display: none'], [style*='font-size:0']").ToList())
        {
            hidden.Remove();
        }

        foreach (var block in document.QuerySelectorAll("br, p, div, tr, li, h1, h2, h3, h4, h5, h6, blockquote").ToList())
        {
            block.Insert(AdjacentPosition.AfterEnd, "\n");
        }

        return BlankLines().Replace((document.Body?.TextContent ?? string.Empty).Replace('\u00a0', ' '), "\n\n").Trim();
    }

    private static HtmlSanitizer NewSanitizer()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(Tags, StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(Attributes, StringComparer.OrdinalIgnoreCase),
            AllowedCssProperties = new HashSet<string>(Properties, StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto", "cid", "data"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
        });
        sanitizer.KeepChildNodes = true;
        sanitizer.RemovingTag += (_, removing) =>
        {
            // The words of these are not for readers.
            if (removing.Tag.LocalName is "script" or "style" or "head" or "title" or "template" or "noscript" or "object" or "svg" or "math")
            {
                removing.Tag.InnerHtml = string.Empty;
            }
        };
        return sanitizer;
    }

    private static void Settle(IElement image, IReadOnlyDictionary<string, string> inlineImages)
    {
        var source = image.GetAttribute("src") ?? string.Empty;
        if (source.StartsWith("cid:", StringComparison.OrdinalIgnoreCase) && inlineImages.TryGetValue(Uri.UnescapeDataString(source[4..]), out var picture))
        {
            image.SetAttribute("src", picture);
        }
        else if (!IsPicture(source))
        {
            Stand(image);
        }
    }

    // What a picture from elsewhere shows is said in its words; without words it was there to count readers.
    private static void Stand(IElement image)
    {
        var words = image.GetAttribute("alt")?.Trim();
        if (string.IsNullOrEmpty(words))
        {
            image.Remove();
            return;
        }

        var standIn = image.Owner!.CreateElement("span");
        standIn.TextContent = words;
        standIn.SetAttribute("style", "display:inline-block;padding:8px 12px;border:1px dashed #8a8886;color:#605e5c");
        image.Replace(standIn);
    }

    private static bool IsPicture(string? source) =>
        PictureTypes.Any(type => source?.StartsWith(type, StringComparison.OrdinalIgnoreCase) == true);

    // Every link leads through a page of ours that shows where it goes.
    private static void Guard(IElement link)
    {
        if (Uri.TryCreate(link.GetAttribute("href"), UriKind.Absolute, out var target) && target.Scheme is "http" or "https" or "mailto")
        {
            link.SetAttribute("href", $"/leave?to={Uri.EscapeDataString(target.AbsoluteUri)}");
            link.SetAttribute("target", "_blank");
            link.SetAttribute("rel", "noopener noreferrer");
        }
        else
        {
            link.RemoveAttribute("href");
        }
    }

    private static bool RefersElsewhere(IHtmlDocument document) =>
        document.QuerySelectorAll("[src], [srcset], [background], [poster], link[href]")
            .Any(element => LoadingAttributes.Any(name => IsElsewhere(element.GetAttribute(name))))
        || document.QuerySelectorAll("[style]").Any(element => LoadsElsewhere(element.GetAttribute("style")))
        || document.QuerySelectorAll("style").Any(element => LoadsElsewhere(element.TextContent));

    private static bool IsElsewhere(string? address) =>
        address is not null && (address.Contains("//", StringComparison.Ordinal) || address.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        && !address.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    private static bool LoadsElsewhere(string? style) =>
        style is not null && (style.Contains("url(", StringComparison.OrdinalIgnoreCase) || style.Contains("@import", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"\s*\n\s*\n\s*")]
    private static partial Regex BlankLines();
}
