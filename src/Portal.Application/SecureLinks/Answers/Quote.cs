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

    /// <param name="text">An answer.</param>
    /// <param name="sender">Of what it quotes: the line that says so goes with it.</param>
    /// <returns>What somebody wrote themselves, also between what they quote.</returns>
    public static string Without(string text, LinkSender sender)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var lead = Array.FindIndex(lines, line => line.StartsWith('>')) - 1;
        return string.Join('\n', lines.Where((line, at) => !line.StartsWith('>') && (at != lead || !IsLead(line, sender)))).Trim();
    }

    private static bool IsLead(string line, LinkSender sender) =>
        line.TrimEnd().EndsWith(':') && ((sender.Name.Length > 0 && line.Contains(sender.Name, StringComparison.Ordinal)) || line.Contains(sender.Address, StringComparison.OrdinalIgnoreCase));
}
