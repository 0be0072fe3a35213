using System.Text.RegularExpressions;

namespace Portal.Application.Brands;

/// <summary>What an organisation says in its own words: lines of plain text that lead nowhere.</summary>
internal static partial class OwnWords
{
    /// <summary>Lines without blank ones between them, so that they stay one paragraph of a notice.</summary>
    public static string Plain(string typed) =>
        string.Join('\n', typed.Split('\n').Select(line => PlainText.Line(line)).Where(line => line.Length > 0));

    /// <summary>A notice has one link, and that is ours: whoever reads it need not wonder.</summary>
    public static bool HasLink(string text) => Link().IsMatch(text) || WrittenLinks.In(text).Any();

    [GeneratedRegex(@"://|\bwww\s*\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
