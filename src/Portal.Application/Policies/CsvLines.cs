using System.Text;

namespace Portal.Application.Policies;

/// <summary>Comma- or semicolon-separated values (RFC 4180), as spreadsheets write and read them.</summary>
internal static class CsvLines
{
    /// <param name="text">The whole file.</param>
    /// <returns>Line numbers from 1, where each record begins, with its fields; none for a record whose quotes do not fit. Empty lines are left out.</returns>
    public static IEnumerable<(int Line, List<string>? Fields)> Read(string text)
    {
        var first = text.AsSpan(0, text.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0 ? end : text.Length);
        var separator = first.Contains(';') && !first.Contains(',') ? ';' : ',';
        var line = 0;
        foreach (var record in text.ReplaceLineEndings("\n").Split('\n'))
        {
            line++;
            if (record.Trim().Length > 0)
            {
                yield return (line, Fields(record, separator));
            }
        }
    }

    // No value of ours holds a line break, so a quote ends where its line does or it is a mistake.
    private static List<string>? Fields(string record, char separator)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < record.Length; at++)
        {
            var character = record[at];
            if (quoted && character == '"' && at + 1 < record.Length && record[at + 1] == '"')
            {
                field.Append('"');
                at++;
            }
            else if (character == '"')
            {
                quoted = !quoted;
            }
            else if (character == separator && !quoted)
            {
                fields.Add(Plain(field));
            }
            else
            {
                field.Append(character);
            }
        }

        fields.Add(Plain(field));
        return quoted ? null : fields;
    }

    /// <summary>What spreadsheets would take for a formula is led by an apostrophe.</summary>
    public static string Write(params string[] fields) =>
        string.Join(',', fields.Select(field => $"\"{(IsFormula(field) ? "'" : "")}{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n";

    private static string Plain(StringBuilder field)
    {
        var text = field.ToString().Trim();
        field.Clear();
        return text.StartsWith('\'') && IsFormula(text[1..]) ? text[1..] : text;
    }

    private static bool IsFormula(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@';
}
