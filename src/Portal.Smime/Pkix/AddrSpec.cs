using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Portal.Smime.Pkix;

/// <summary>One mail address (RFC 5322 §3.4.1), compared as certificates demand: local part exact, domain by A-label in lower case.</summary>
public sealed record AddrSpec
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private AddrSpec(string localPart, string domain) => (LocalPart, Domain) = (localPart, domain);

    public string LocalPart { get; }

    public string Domain { get; }

    /// <summary>Dot-atoms only: no quoting, no comment, no domain literal, no control character, no trailing dot.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddrSpec? address)
    {
        address = null;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || text.Length > 320 || !IsDotAtom(text.AsSpan(0, at)) || !TryNormaliseDomain(text[(at + 1)..], out var domain))
        {
            return false;
        }

        address = new AddrSpec(text[..at], domain);
        return true;
    }

    public override string ToString() => $"{LocalPart}@{Domain}";

    /// <summary>Of a domain name: A-labels, lower case.</summary>
    internal static bool TryNormaliseDomain(string text, out string domain)
    {
        domain = string.Empty;
        if (!IsDotAtom(text))
        {
            return false;
        }

        try
        {
            domain = Idn.GetAscii(text).ToLowerInvariant();
            return domain.Length <= 253;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsDotAtom(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == '.' || text[^1] == '.' || text.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var character in text)
        {
            // RFC 5322 §3.2.3 atext, widened to UTF-8 by RFC 6532 §3.2.
            var allowed = char.IsAsciiLetterOrDigit(character)
                || "!#$%&'*+-/=?^_`{|}~.".Contains(character, StringComparison.Ordinal)
                || (character > '\x9f' && !char.IsWhiteSpace(character) && !IsInvisible(character));
            if (!allowed)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsInvisible(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;
}
