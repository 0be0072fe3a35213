using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Smime.Ess;

namespace Portal.Cli.Smime;

internal static partial class LabelOption
{
    /// <summary>1.2.3.4, 1.2.3.4:3 or 1.2.3.4:3:For staff; categories 1.2.3.4.1=cardiology.</summary>
    /// <returns>What is wrong, in words; null when nothing is.</returns>
    public static string? Read(string? text, string[] categories, out SecurityLabel? label)
    {
        label = null;
        if (text is null)
        {
            return categories.Length == 0 ? null : "A category belongs to a label: give --label.";
        }

        if (Label().Match(text) is not { Success: true } parts)
        {
            return $"--label cannot be \"{text}\": it has to be such as 1.2.3.4, 1.2.3.4:3 or 1.2.3.4:3:Staff.";
        }

        label = new SecurityLabel(parts.Groups["policy"].Value)
        {
            Classification = parts.Groups["classification"] is { Length: > 0 } number ? int.Parse(number.Value, CultureInfo.InvariantCulture) : null,
            PrivacyMark = parts.Groups["mark"] is { Length: > 0 } mark ? mark.Value : null,
            Categories = categories.Select(one => one.Split('=', 2)).Select(one => SecurityCategory.OfText(one[0], one[1])).ToList(),
        };
        return null;
    }

    public static string[] Categories(ArgumentResult typed) => Words(typed, Category(), "such as 1.2.3.4.1=cardiology");

    public static string[] ObjectIdentifiers(ArgumentResult typed) => Words(typed, ObjectIdentifier(), "an object identifier such as 1.2.3.4");

    private static string[] Words(ArgumentResult typed, Regex pattern, string expected)
    {
        foreach (var token in typed.Tokens.Where(token => !pattern.IsMatch(token.Value)))
        {
            typed.AddError($"{((OptionResult)typed.Parent!).Option.Name} cannot be \"{token.Value}\": it has to be {expected}.");
        }

        return [.. typed.Tokens.Select(token => token.Value)];
    }

    [GeneratedRegex(@"^[0-2](\.(0|[1-9][0-9]*))+$")]
    private static partial Regex ObjectIdentifier();

    [GeneratedRegex(@"^(?<policy>[0-2](\.(0|[1-9][0-9]*))+)(:(?<classification>[0-9]{0,3})(:(?<mark>.*))?)?$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[0-2](\.(0|[1-9][0-9]*))+=.+$")]
    private static partial Regex Category();
}
