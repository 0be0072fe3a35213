using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Cli;

/// <summary>Says the same to people, in lines, and to programs, in JSON on standard output.</summary>
internal sealed class Voice(ParseResult parsed)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new IdsAsText() },
    };

    public static Option<bool> Json { get; } = new("--json") { Recursive = true, Description = "Answers in JSON." };

    public bool IsJson { get; } = parsed.GetValue(Json);

    private TextWriter Output => parsed.InvocationConfiguration.Output;

    /// <returns>0.</returns>
    public async Task<int> TellAsync(object answer, params IEnumerable<string> lines)
    {
        await WriteAsync(answer, lines);
        return ExitCodes.Fine;
    }

    /// <returns>1.</returns>
    public async Task<int> WarnAsync(object answer, params IEnumerable<string> lines)
    {
        await WriteAsync(answer, lines);
        return ExitCodes.NotFine;
    }

    /// <summary>Nothing was done, and why.</summary>
    /// <returns>1.</returns>
    public async Task<int> RefuseAsync(string words)
    {
        if (IsJson)
        {
            try
            {
                await Output.WriteLineAsync(JsonSerializer.Serialize(new { error = words }, Form));
                return ExitCodes.NotFine;
            }
            catch (IOException)
            {
                // A full disk is said where there is still room.
            }
        }

        await parsed.InvocationConfiguration.Error.WriteLineAsync(Shown(words));
        return ExitCodes.NotFine;
    }

    /// <summary>Told how many are done; says so on standard error now and then.</summary>
    public IProgress<int> Counting(string what, int every) => new Count(parsed.InvocationConfiguration.Error, what, every);

    private async Task WriteAsync(object answer, IEnumerable<string> lines)
    {
        if (IsJson)
        {
            await Output.WriteLineAsync(JsonSerializer.Serialize(answer, Form));
            return;
        }

        foreach (var line in lines)
        {
            await Output.WriteLineAsync(Shown(line));
        }
    }

    // A line may hold what others wrote; on a terminal it stays one line, and gives no orders.
    // Tabs and the joiners of several scripts are harmless.
    private static string Shown(string line) => string.Concat(line.EnumerateRunes().Select(rune => rune.Value is not ('\t' or '\u200c' or '\u200d')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? Rune.ReplacementChar
            : rune));

    private sealed class Count(TextWriter error, string what, int every) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value > 0 && value % every == 0)
            {
                error.WriteLine($"{value} {what} …");
            }
        }
    }
}
