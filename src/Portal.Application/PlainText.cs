using System.Globalization;
using System.Text;

namespace Portal.Application;

/// <summary>Text of others as it may stand beside our own words: what arrived in a message as well as what somebody typed as a name.</summary>
internal static class PlainText
{
    public const int LongestName = 100;
    private const int Longest = 998;

    // Several scripts spell with them; beside ASCII they only hide.
    private static readonly Rune NonJoiner = new(0x200C);
    private static readonly Rune Joiner = new(0x200D);

    /// <summary>One line, without controls and bidirectional overrides, and not endless.</summary>
    /// <param name="text">Of whomever.</param>
    /// <param name="longest">In characters; a last one outside the basic plane counts one more.</param>
    public static string Line(string? text, int longest = Longest)
    {
        var shown = new StringBuilder();
        var before = default(Rune);
        foreach (var rune in (text ?? string.Empty).EnumerateRunes())
        {
            if (shown.Length >= longest)
            {
                break;
            }

            if (Rune.IsWhiteSpace(rune))
            {
                shown.Append(' ');
                before = rune;
            }
            else if (IsShown(rune, before))
            {
                shown.Append(rune);
                before = rune;
            }
        }

        return shown.ToString().Trim();
    }

    /// <returns>Null for what is empty, or too long for a name.</returns>
    public static string? Name(string? typed) => Line(typed) is { Length: > 0 and <= LongestName } name ? name : null;

    private static bool IsShown(Rune rune, Rune before) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned)
        || ((rune == Joiner || rune == NonJoiner) && !before.IsAscii);
}
