namespace Portal.Cli;

/// <summary>Columns as wide as what stands in them.</summary>
internal static class Table
{
    public static IEnumerable<string> Of(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = rows.Prepend(head).ToList();
        var widths = head.Select((_, column) => lines.Max(line => line[column].Length)).ToList();
        return lines.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
