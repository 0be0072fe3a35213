using System.Text.RegularExpressions;

namespace Portal.Application.Brands;

/// <summary>What a mail program may make a link of, in text that somebody typed or pasted.</summary>
internal static partial class WrittenLinks
{
    private static readonly char[] Around = [' ', '\t', '\r', '\n', '\u00A0', '<', '>', '"', '\'', '(', ')', '[', ']', '{', '}', '|', '„', '“', '”', '«', '»', '‹', '›', '‘', '’'];

    /// <returns>In their order, without what stands around them; some name no scheme.</returns>
    public static IEnumerable<string> In(string text) => text
        .Split(Around, StringSplitOptions.RemoveEmptyEntries)
        .Select(piece => Link().Match(piece))
        .Where(found => found.Success)
        .Select(found => found.Value.TrimEnd('.', ',', ';', ':', '!', '?', '…', '*'));

    // With a scheme, wherever it begins; without one, a host name that begins with www or goes on with a path, a port or a question.
    [GeneratedRegex(@"https?:.+|[a-z][a-z0-9+.-]*:[/\\]{2}.+|^www\..+|^(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}\.?(?::[0-9]+)?[/\\?#].*|^(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}:[0-9]+|^[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?[/\\].*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
