using System.CommandLine.Parsing;
using System.Globalization;

namespace Portal.Cli;

/// <summary>Reads what was typed; where it cannot be understood, says in words what is expected instead.</summary>
internal static class Typed
{
    private static readonly string[] Moments = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK"];

    public static Guid Id(ArgumentResult typed) =>
        Guid.TryParse(Word(typed), out var id) ? id : Refuse<Guid>(typed, "an id, as `portal queue list` shows it");

    public static FileInfo? File(ArgumentResult typed) => Word(typed).Length > 0 ? new FileInfo(Word(typed)) : Refuse<FileInfo?>(typed, "the path of a file");

    /// <summary>Any number of files, each after its own option.</summary>
    public static FileInfo[] Files(ArgumentResult typed) =>
        typed.Tokens.Any(token => token.Value.Length == 0)
            ? Refuse<FileInfo[]>(typed, "the path of a file", string.Empty) ?? []
            : [.. typed.Tokens.Select(token => new FileInfo(token.Value))];

    /// <summary>ISO 8601, and nothing in which day and month could be each other.</summary>
    public static DateTimeOffset? Moment(ArgumentResult typed) =>
        DateTimeOffset.TryParseExact(Word(typed), Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : Refuse<DateTimeOffset?>(typed, "a time, such as 2026-01-31 or 2026-01-31T08:00:00Z");

    public static int? Number(ArgumentResult typed, int least, int most) =>
        int.TryParse(Word(typed), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refuse<int?>(typed, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    /// <summary>One of these words; case does not count.</summary>
    public static Func<ArgumentResult, string?> OneOf(params string[] words) => typed => Find(typed, Word(typed), words);

    /// <summary>One of the names of an enum; never a number.</summary>
    public static T? OneOf<T>(ArgumentResult typed)
        where T : struct, Enum =>
        Find(typed, Word(typed), Enum.GetNames<T>()) is { } name ? Enum.Parse<T>(name) : null;

    /// <summary>One of the names of an enum, in lower case as its option's help has them; never a number.</summary>
    public static T? OneOfLower<T>(ArgumentResult typed)
        where T : struct, Enum =>
        Find(typed, Word(typed), [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())]) is { } name ? Enum.Parse<T>(name, ignoreCase: true) : null;

    /// <summary>Flags, each with its name, separated by commas or given several times.</summary>
    public static T[]? SomeOf<T>(ArgumentResult typed)
        where T : struct, Enum
    {
        var names = Flags<T>();
        var words = typed.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries));
        var found = words.Select(word => Find(typed, word, names)).ToList();
        return found.Contains(null) ? null : found.ConvertAll(name => Enum.Parse<T>(name!)).ToArray();
    }

    /// <summary>What <see cref="SomeOf"/> takes.</summary>
    public static string[] Flags<T>()
        where T : struct, Enum =>
        [.. Enum.GetNames<T>().Where(name => Convert.ToInt32(Enum.Parse<T>(name), CultureInfo.InvariantCulture) != 0)];

    /// <summary>Any number of mail domains, each after its own option.</summary>
    public static string[] Domains(ArgumentResult typed) =>
        typed.Tokens.FirstOrDefault(token => !token.Value.Contains('.', StringComparison.Ordinal)) is { } wrong
            ? Refuse<string[]>(typed, "a mail domain, such as partner.example", wrong.Value) ?? []
            : [.. typed.Tokens.Select(token => token.Value)];

    private static string Word(ArgumentResult typed) => typed.Tokens[0].Value;

    private static string? Find(ArgumentResult typed, string word, string[] words) =>
        words.FirstOrDefault(one => one.Equals(word, StringComparison.OrdinalIgnoreCase))
        ?? Refuse<string?>(typed, words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}", word);

    private static T? Refuse<T>(ArgumentResult typed, string expected, string? word = null)
    {
        var name = typed.Parent is OptionResult option ? option.Option.Name : typed.Argument.Name;
        typed.AddError($"{name} cannot be \"{word ?? Word(typed)}\": it has to be {expected}.");
        return default;
    }
}
