using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Smime.Ess;

namespace Portal.Cli.Smime;

internal static partial class LabelOption
{
    /// <summary>1.2.3.4, 1.2.3.4:3 or 1.2.3.4:3:For staff.</summary>
    /// <exception cref="ArgumentException">In words: not so.</exception>
    public static SecurityLabel? Read(string? text, string[] categories)
    {
        if (text is null)
        {
            return categories.Length == 0 ? null : throw new ArgumentException("A category belongs to a label: give --label.", nameof(categories));
        }

        var parts = text.Split(':', 3);
        var isLabel = ObjectIdentifier().IsMatch(parts[0]);
        int? classification = null;
        if (isLabel && parts.Length > 1 && parts[1].Length > 0)
        {
            isLabel = int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            classification = number;
        }

        return isLabel
            ? new SecurityLabel(parts[0])
            {
                Classification = classification,
                PrivacyMark = parts.Length > 2 ? parts[2] : null,
                Categories = categories.Select(Category).ToList(),
            }
            : throw new ArgumentException($"--label cannot be \"{text}\": it has to be such as 1.2.3.4, 1.2.3.4:3 or 1.2.3.4:3:Staff.", nameof(text));
    }

    private static SecurityCategory Category(string text) =>
        text.Split('=', 2) is [var type, { Length: > 0 } value] && ObjectIdentifier().IsMatch(type)
            ? SecurityCategory.OfText(type, value)
            : throw new ArgumentException($"--category cannot be \"{text}\": it has to be such as 1.2.3.4.1=cardiology.", nameof(text));

    [GeneratedRegex("^[0-2](\\.(0|[1-9][0-9]*))+$")]
    private static partial Regex ObjectIdentifier();
}
