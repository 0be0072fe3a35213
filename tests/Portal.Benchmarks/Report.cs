using System.Globalization;
using System.Text;

namespace Portal.Benchmarks;

/// <summary>docs/benchmarks.md: one section per part. A run of some parts leaves the others' sections as they were.</summary>
internal static class Report
{
    private const string Head = """
        # Benchmarks
        Written by `dotnet run -c Release --project tests/Portal.Benchmarks` (all parts) or `… -- list open` (some); every section says on which machine and when. Peers are measured in the same run. A ratio is ours to the peer's.

        """;

    public static string Section(string part, string machine, IReadOnlyList<Figure> figures)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"## {part}\n{machine}\n\n");
        text.Append("| what | ours | target | peer | its figure | ratio |\n| --- | ---: | ---: | --- | ---: | ---: |\n");
        foreach (var figure in figures)
        {
            var target = figure.Target is { } set ? $"{(figure.MoreIsBetter ? "≥" : "≤")} {Number(set)} {(figure.IsReached == true ? "✓" : "✗")}" : "";
            text.Append(CultureInfo.InvariantCulture, $"| {figure.What} | {Number(figure.Value)} {figure.Unit} | {target} | {(figure.Peers.Count == 0 ? "| |" : Beside(figure, figure.Peers[0]))} |\n");
            foreach (var further in figure.Peers.Skip(1))
            {
                text.Append(CultureInfo.InvariantCulture, $"| | | | {Beside(figure, further)} |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    /// <summary>The document with this section in its place.</summary>
    public static string Put(string? document, string part, string section)
    {
        var sections = Sections(document);
        var at = sections.FindIndex(one => one.Name == part);
        if (at < 0)
        {
            sections.Add((part, section));
        }
        else
        {
            sections[at] = (part, section);
        }

        return Head + string.Concat(sections.Select(one => one.Text.TrimEnd('\n') + "\n\n")).TrimEnd('\n') + "\n";
    }

    private static List<(string Name, string Text)> Sections(string? document) => (document ?? string.Empty)
        .Split("\n## ")
        .Skip(1)
        .Select(text => (text[..text.IndexOf('\n', StringComparison.Ordinal)], "## " + text))
        .ToList();

    private static string Beside(Figure figure, PeerFigure peer) => $"{peer.Name} | {Number(peer.Value)} {figure.Unit} | {Number(figure.Value / peer.Value)}";

    private static string Number(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        < 0.1 and > 0 => value.ToString("0.0000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
