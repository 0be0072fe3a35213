using System.CommandLine.Parsing;
using System.Formats.Asn1;
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

        if (Label().Match(text) is not { Success: true } parts || !IsObjectIdentifier(parts.Groups["policy"].Value))
        {
            return $"--label cannot be \"{text}\": it has to be such as 1.2.3.4, 1.2.3.4:3 or 1.2.3.4:3:Staff.";
        }

        label = new SecurityLabel(parts.Groups["policy"].Value)
        {
            Classification = parts.Groups["classification"] is { Length: > 0 } number ? int.Parse(number.Value, CultureInfo.InvariantCulture) : null,
            PrivacyMark = parts.Groups["mark"] is { Length: > 0 } mark ? mark.Value : null,
            Categories = categories.Select(one => one.Split('=', 2)).Select(one => SecurityCategory.OfText(one[0], one[1])).ToList(),
        };
        return label.IsWithinBounds ? null : "--label goes beyond RFC 2634: a classification is 0 to 256, a privacy mark has at most 128 characters, and there are at most 64 categories.";
    }

    public static string[] Categories(ArgumentResult typed) =>
        Words(typed, word => word.Split('=', 2) is [var type, { Length: > 0 }] && IsObjectIdentifier(type), "such as 1.2.3.4.1=cardiology");

    public static string[] ObjectIdentifiers(ArgumentResult typed) => Words(typed, IsObjectIdentifier, "an object identifier such as 1.2.3.4");

    private static bool IsObjectIdentifier(string word)
    {
        try
        {
            new AsnWriter(AsnEncodingRules.DER).WriteObjectIdentifier(word);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string[] Words(ArgumentResult typed, Predicate<string> isRight, string expected)
    {
        foreach (var token in typed.Tokens.Where(token => !isRight(token.Value)))
        {
            typed.AddError($"{((OptionResult)typed.Parent!).Option.Name} cannot be \"{token.Value}\": it has to be {expected}.");
        }

        return [.. typed.Tokens.Select(token => token.Value)];
    }

    [GeneratedRegex(@"^(?<policy>[0-9.]+)(:(?<classification>[0-9]{0,3})(:(?<mark>.*))?)?$")]
    private static partial Regex Label();
}
