using Portal.Smime.Pkix;

namespace Portal.Application;

/// <summary>Domains as people type them, and what lies below them.</summary>
internal static class MailDomain
{
    /// <returns>A-labels in lower case; null for what is no domain of at least two labels.</returns>
    public static string? Normalised(string typed)
    {
        var text = typed.Trim();
        text = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text.TrimStart('@');
        return AddrSpec.TryParse($"x@{text}", out var address) && IsName(address.Domain) ? address.Domain : null;
    }

    // An address in digits is one of a machine.
    private static bool IsName(string domain) =>
        domain.LastIndexOf('.') is var dot and > 0 && !domain[(dot + 1)..].All(char.IsAsciiDigit);

    public static bool IsOrIsBelow(string domain, string upper) =>
        domain == upper || domain.EndsWith($".{upper}", StringComparison.Ordinal);

    /// <summary>The domain itself, and every one above it that has two labels.</summary>
    public static IEnumerable<string> WithThoseAbove(string domain)
    {
        for (var rest = domain; rest.Contains('.', StringComparison.Ordinal); rest = rest[(rest.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            yield return rest;
        }
    }
}
