using System.Globalization;

namespace Portal.Application.Accounts;

public enum PasswordProblem
{
    /// <summary>Fewer than 12 characters.</summary>
    TooShort,

    /// <summary>Made of words that are tried first, of what stands next to each other on a keyboard, of years, or of the person's own names.</summary>
    TooCommon,
}

/// <summary>What a new password has to be (NIST SP 800-63B-4 §3.1.1.2): long, and not what is tried first. No rule about kinds of characters.</summary>
internal static class PasswordRule
{
    public const int Shortest = 12;

    /// <summary>What has to be left when everything that is guessed first is taken away: letters count one, all else half.</summary>
    private const double Enough = 5;

    private const int ShortestRun = 3;

    private const int Examined = 256;

    private static readonly string[] Rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm"];

    // Of both languages of the portal, as they stand at the top of published lists; written without digits in letters' places.
    private static readonly string[] Common = """
        password passwort passwd kennwort geheim secret master admin administrator root login welcome willkommen hallo hello letmein
        access changeme default guest test demo user portal mail email secure sicher office firma company internet computer server
        microsoft windows google facebook apple samsung iloveyou ichliebedich love liebe schatz schatzi baby princess prinzessin sunshine
        sonnenschein monkey dragon football fussball soccer baseball hockey basketball superman batman starwars pokemon shadow ninja mustang
        ferrari porsche mercedes jesus angel engel freedom freiheit trustno flower blume summer sommer winter spring fruehling autumn herbst
        january januar february februar march april june juni july juli august september october oktober november december dezember
        monday montag tuesday dienstag wednesday mittwoch thursday donnerstag friday freitag saturday samstag sunday sonntag
        berlin london hamburg muenchen bayern dortmund deutschland germany england america chelsea arsenal liverpool
        michael thomas andreas daniel jessica jennifer ashley charlie jordan hunter killer tigger cookie pepper ginger matrix whatever nothing
        qwerty qwertz asdf abc xyz
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <param name="password">As it was typed.</param>
    /// <param name="about">What others know of whoever chooses it: address, name, organisation.</param>
    /// <returns>Null when it is good enough.</returns>
    public static PasswordProblem? ProblemOf(string password, params IEnumerable<string> about)
    {
        if (password.Length < Shortest)
        {
            return PasswordProblem.TooShort;
        }

        var plain = password[..Math.Min(password.Length, Examined)].ToLowerInvariant();
        var guessed = new bool[plain.Length];
        MarkRuns(plain, guessed);
        MarkYears(plain, guessed);
        var read = string.Create(plain.Length, plain, (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = AsLetter(source[i]);
            }
        });
        foreach (var word in Common.Concat(about.SelectMany(Words)))
        {
            MarkWord(read, word, guessed);
            MarkWord(plain, word, guessed);
        }

        return plain.Where((_, i) => !guessed[i]).Sum(one => char.IsLetter(one) ? 1 : 0.5) < Enough || plain.Distinct().Count() < 5
            ? PasswordProblem.TooCommon
            : null;
    }

    private static IEnumerable<string> Words(string known) => string
        .Concat(known.ToLowerInvariant().Select(one => char.IsLetter(one) ? one : ' '))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Where(word => word.Length >= ShortestRun);

    private static void MarkWord(string text, string word, bool[] guessed)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            guessed.AsSpan(at, word.Length).Fill(true);
        }
    }

    /// <summary>aaa, 1234, 4321, asdf.</summary>
    private static void MarkRuns(string text, bool[] guessed)
    {
        for (var start = 0; start + ShortestRun <= text.Length; start++)
        {
            var length = 2;
            while (start + length <= text.Length && IsRun(text.AsSpan(start, length)))
            {
                length++;
            }

            if (length - 1 >= ShortestRun)
            {
                guessed.AsSpan(start, length - 1).Fill(true);
            }
        }
    }

    private static bool IsRun(ReadOnlySpan<char> part)
    {
        if (!part.ContainsAnyExcept(part[0]))
        {
            return true;
        }

        Span<char> backwards = stackalloc char[Math.Min(part.Length, 32)];
        if (part.Length > backwards.Length)
        {
            return false;
        }

        part.CopyTo(backwards);
        backwards.Reverse();
        foreach (var row in Rows)
        {
            if (row.AsSpan().Contains(part, StringComparison.Ordinal) || row.AsSpan().Contains(backwards, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static void MarkYears(string text, bool[] guessed)
    {
        for (var at = 0; at + 4 <= text.Length; at++)
        {
            if (int.TryParse(text.AsSpan(at, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1900 and < 2100)
            {
                guessed.AsSpan(at, 4).Fill(true);
            }
        }
    }

    private static char AsLetter(char one) => one switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => one,
    };
}
