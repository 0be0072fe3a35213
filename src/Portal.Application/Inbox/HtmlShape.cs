using AngleSharp.Dom;

namespace Portal.Application.Inbox;

/// <summary>Whether HTML is of a shape that a document tree can be made of without effort that grows with its square.</summary>
internal static class HtmlShape
{
    private const int MostTags = 100_000;
    private const int DeepestGuess = 5_000;
    private const int Deepest = 250;

    /// <summary>Before parsing: counts tags, and guesses the depth from opened and closed ones.</summary>
    public static bool IsParsable(string html)
    {
        var (tags, depth) = (0, 0);
        for (var at = html.IndexOf('<', StringComparison.Ordinal); at >= 0 && at + 1 < html.Length; at = html.IndexOf('<', at + 1))
        {
            if (char.IsAsciiLetter(html[at + 1]))
            {
                depth++;
                tags++;
            }
            else if (html[at + 1] == '/')
            {
                depth = Math.Max(0, depth - 1);
                tags++;
            }

            if (tags > MostTags || depth > DeepestGuess)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>After parsing: writing a tree out takes stack for every level.</summary>
    public static bool IsShallow(INode root)
    {
        var depth = 0;
        var node = root;
        while (true)
        {
            if (node.FirstChild is { } child)
            {
                if (++depth > Deepest)
                {
                    return false;
                }

                node = child;
                continue;
            }

            while (node.NextSibling is null)
            {
                if (node == root || node.Parent is not { } parent || parent == root)
                {
                    return true;
                }

                node = parent;
                depth--;
            }

            node = node.NextSibling;
        }
    }
}
