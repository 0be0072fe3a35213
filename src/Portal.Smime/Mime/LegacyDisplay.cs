using MimeKit;

namespace Portal.Smime.Mime;

/// <summary>What writers put in front of a text for readers that know no header protection; whoever knows it does not show it (RFC 9788 §4.5.3).</summary>
public static class LegacyDisplay
{
    /// <summary>Class of the element that carries it in HTML (RFC 9788 §2.1.2).</summary>
    public const string HtmlClass = "header-protection-legacy-display";

    private const string Parameter = "hp-legacy-display";

    /// <summary>Whether this part says that it begins with it. To be asked only inside a cryptographic payload.</summary>
    public static bool IsIn(ContentType type) => type.Parameters[Parameter] == "1";

    /// <summary>Says so.</summary>
    public static void Mark(ContentType type) => type.Parameters[Parameter] = "1";

    /// <param name="text">Of a text/plain part that has it.</param>
    /// <returns>What follows the first empty line; all of it when there is none.</returns>
    public static string StripText(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0)
            {
                return text;
            }

            if (text.AsSpan(start, end - start).Trim("\r").IsEmpty)
            {
                return text[(end + 1)..];
            }

            start = end + 1;
        }

        return text;
    }
}
