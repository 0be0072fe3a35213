using System.Text;
using MimeKit;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>The one address in From, or nothing: a message with none, several, a group or a trick in it cannot be bound to a signer.</summary>
internal static class FromField
{
    /// <summary>Our own strict reading and the lenient one that shows mail must agree; where parsers differ, attackers live.</summary>
    public static AddrSpec? Single(HeaderBlock header)
    {
        if (header.Single("From") is not { } field)
        {
            return null;
        }

        var value = field.Unfolded;
        return Strict(Decode(value)) is { } text
            && AddrSpec.TryParse(text, out var address)
            && InternetAddressList.TryParse(value, 0, value.Length, out var list)
            && list is [MailboxAddress mailbox]
            && AddrSpec.TryParse(mailbox.Address, out var lenient)
            && lenient == address
            ? address
            : null;
    }

    private static string? Decode(byte[] value)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // RFC 5322 §3.4: [display-name] "<" addr-spec ">" or a bare addr-spec; no list, no group, no route.
    private static string? Strict(string? value)
    {
        if (value is null || WithoutQuotesAndComments(value) is not { } plain || plain.AsSpan().IndexOfAny(",;:") >= 0)
        {
            return null;
        }

        var open = plain.IndexOf('<', StringComparison.Ordinal);
        if (open < 0)
        {
            return plain.Contains('>', StringComparison.Ordinal) ? null : plain.Trim();
        }

        var isLast = plain.EndsWith('>') && plain.LastIndexOf('<') == open && plain.IndexOf('>', StringComparison.Ordinal) == plain.Length - 1;
        return isLast && !plain[..open].Contains('@', StringComparison.Ordinal) ? plain[(open + 1)..^1].Trim() : null;
    }

    /// <returns>Null when a quote or comment is left open, or a control character is met.</returns>
    private static string? WithoutQuotesAndComments(string value)
    {
        var plain = new StringBuilder();
        var comments = 0;
        var quoted = false;
        for (var index = 0; index < value.Length; index++)
        {
            var character = value[index];
            if (char.IsControl(character) && character != '\t')
            {
                return null;
            }

            switch (character)
            {
                case '\\' when quoted || comments > 0:
                    index++;
                    break;
                case '"' when comments == 0:
                    quoted = !quoted;
                    break;
                case '(' when !quoted:
                    comments++;
                    break;
                case ')' when !quoted && comments > 0:
                    comments--;
                    break;
                default:
                    if (!quoted && comments == 0)
                    {
                        plain.Append(character);
                    }

                    break;
            }
        }

        return quoted || comments > 0 ? null : plain.ToString().Trim();
    }
}
