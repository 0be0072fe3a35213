namespace Portal.Application.SecureLinks.Answers;

/// <summary>What is answered, below the answer.</summary>
internal static class Quote
{
    private const int Longest = 20_000;

    /// <param name="words">Of what is answered.</param>
    /// <param name="lead">Who wrote them, and when; one line.</param>
    public static string Of(string words, string lead)
    {
        var shown = words.Length <= Longest ? words : words[..Longest];
        var lines = shown.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.StartsWith('>') ? $">{line}" : $"> {line}");
        return $"\n\n{lead}\n{string.Join('\n', lines)}\n";
    }

    /// <returns>What somebody wrote themselves, also between what they quote.</returns>
    public static string Without(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var quoted = Array.FindIndex(lines, line => line.StartsWith('>'));
        return string.Join('\n', lines.Where((line, at) => !line.StartsWith('>') && at != quoted - 1)).Trim();
    }
}
